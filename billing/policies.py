"""What a utility decides about billing."""

from core.policies import Policy

HOLD_OVER = "billing.hold_over"
MAX_DAYS = "billing.max_days"
DUE_DAYS = "billing.due_days"
LATE_PERCENT = "billing.late_percent"
POSTAL_CODE_KIND = "billing.postal_bar_code"
MAILER_ID = "billing.mailer_id"
PHONE = "billing.phone"
REMIT_TO = "billing.remit_to"
MESSAGE = "billing.message"

POLICIES = (
    Policy(
        HOLD_OVER,
        "Hold bills over",
        "Billing",
        "amount",
        "A bill above this amount is held until somebody has looked at it.",
        "dollars",
    ),
    Policy(
        MAX_DAYS,
        "Longest billing period",
        "Billing",
        "count",
        "A bill for more days than this is held: usually a reading of the wrong month.",
        "days",
    ),
    Policy(
        DUE_DAYS, "Days until due", "Billing", "count", "A bill is due so many days after its date.", "days"
    ),
    Policy(
        LATE_PERCENT,
        "Late charge shown on the bill",
        "Billing",
        "percent",
        "What is added to the new charges after the due date; printed as the amount due after that date.",
        "per cent",
    ),
    Policy(
        POSTAL_CODE_KIND,
        "Postal bar code",
        "Printing",
        "choice",
        "The bar code above the mailing address.",
        choices=(("imb", "Intelligent Mail"), ("postnet", "POSTNET"), ("none", "None")),
    ),
    Policy(
        MAILER_ID, "Mailer identifier", "Printing", "text", "Six or nine digits, given by the post office."
    ),
    Policy(PHONE, "Telephone on documents", "Printing", "text", "Where customers call."),
    Policy(
        REMIT_TO, "Remittance address", "Printing", "text", "Where cheques are sent; lines separated by “;”."
    ),
    Policy(MESSAGE, "Message on every bill", "Printing", "text", "Printed in the message box of all bills."),
)
