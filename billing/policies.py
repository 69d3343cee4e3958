"""What a utility decides about billing."""

from billing.print_orders import ORDERS
from core.policies import Policy

HOLD_OVER = "billing.hold_over"
MAX_DAYS = "billing.max_days"
MIN_DAYS = "billing.min_days"
HOLD_TIMES = "billing.hold_times"
HOLD_LEAST = "billing.hold_least"
HOLD_USE_TIMES = "billing.hold_use_times"
BREAK_CHARGES = "billing.break_charges"
BREAK_USE = "billing.break_use"
BREAK_TAX = "billing.break_tax"
BREAK_ZERO = "billing.break_zero"
BREAK_HELD = "billing.break_held"
BREAK_MISSING = "billing.break_missing"
BREAK_BACKWARDS = "billing.break_backwards"
BREAK_OLD = "billing.break_old"
BREAK_COUNT = "billing.break_count"
BREAK_MOVES = "billing.break_moves"
BREAK_DAYS = "billing.break_days"
BREAK_LARGEST = "billing.break_largest"
DUE_DAYS = "billing.due_days"
LATE_PERCENT = "billing.late_percent"
POSTAL_CODE_KIND = "billing.postal_bar_code"
MAILER_ID = "billing.mailer_id"
PHONE = "billing.phone"
REMIT_TO = "billing.remit_to"
MESSAGE = "billing.message"
REMAKE_DAYS = "billing.remake_days"
PRINT_ORDER = "billing.print_order"

BREAKERS = (
    Policy(
        BREAK_CHARGES,
        "Charges a bill",
        "Checks of a run",
        "count",
        "By rate and revenue code: so many times, or a so-manieth part, of last period's and last year's"
        " stops the run.",
        "times",
    ),
    Policy(
        BREAK_USE,
        "Use a day",
        "Checks of a run",
        "count",
        "By route: the typical meter at so many times, or a so-manieth part, of its own use stops the run.",
        "times",
    ),
    Policy(
        BREAK_TAX,
        "Tax against its base",
        "Checks of a run",
        "percent",
        "A tax that changes by more than this in relation to what it is on stops the run.",
        "per cent",
    ),
    Policy(
        BREAK_ZERO,
        "Meters without use",
        "Checks of a run",
        "percent",
        "So many more of a hundred meters without use than before stop the run.",
        "per cent",
    ),
    Policy(
        BREAK_HELD,
        "Bills held",
        "Checks of a run",
        "percent",
        "More held bills than this, of all accounts of the run, stop it.",
        "per cent",
    ),
    Policy(
        BREAK_MISSING,
        "Readings missing",
        "Checks of a run",
        "percent",
        "More accounts without a reading than this stop the run.",
        "per cent",
    ),
    Policy(
        BREAK_BACKWARDS,
        "Readings that went backwards",
        "Checks of a run",
        "percent",
        "More accounts with a reading below the last one than this stop the run.",
        "per cent",
    ),
    Policy(
        BREAK_OLD,
        "Readings older than the period",
        "Checks of a run",
        "percent",
        "More bills than this whose newest reading lies in the first half of the period stop the run.",
        "per cent",
    ),
    Policy(
        BREAK_COUNT,
        "Number of bills",
        "Checks of a run",
        "percent",
        "A number of bills further than this from last period's and last year's stops the run.",
        "per cent",
    ),
    Policy(
        BREAK_MOVES,
        "New and closed accounts",
        "Checks of a run",
        "percent",
        "More accounts with a first or a last bill than this stop the run.",
        "per cent",
    ),
    Policy(
        BREAK_DAYS,
        "Days of the periods",
        "Checks of a run",
        "percent",
        "Mean days of the metered periods further than this from the days of the run stop it.",
        "per cent",
    ),
    Policy(
        BREAK_LARGEST,
        "Largest bill",
        "Checks of a run",
        "percent",
        "One bill with more of all charges than this, and than twice the share before, stops the run.",
        "per cent",
    ),
)

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
        MIN_DAYS,
        "Shortest billing period",
        "Billing",
        "count",
        "A bill for fewer days than this is held, unless it is a service's first or last.",
        "days",
    ),
    Policy(
        HOLD_TIMES,
        "Hold bills of so many times their own average",
        "Billing",
        "count",
        "Against the mean of the account's bills of the last year; see also the least difference.",
        "times",
    ),
    Policy(
        HOLD_LEAST,
        "Least difference from the own average",
        "Billing",
        "amount",
        "A bill that is nearer than this to its own average is not held for it, however small the average.",
        "dollars",
    ),
    Policy(
        HOLD_USE_TIMES,
        "Hold use of so many times its own average",
        "Billing",
        "count",
        "Use a day against the service's own mean of the last year: usually a leak or a misread dial.",
        "times",
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
    Policy(
        PRINT_ORDER,
        "Printing order",
        "Printing",
        "choice",
        "In which order a run's bills are printed, unless another is chosen when it is.",
        choices=tuple(ORDERS.items()),
    ),
    Policy(PHONE, "Telephone on documents", "Printing", "text", "Where customers call."),
    Policy(
        REMIT_TO, "Remittance address", "Printing", "text", "Where cheques are sent; lines separated by “;”."
    ),
    Policy(MESSAGE, "Message on every bill", "Printing", "text", "Printed in the message box of all bills."),
    Policy(
        REMAKE_DAYS,
        "Bills made again each night",
        "Billing",
        "count",
        "Posted bills of so many days are made again from their facts; a difference of a cent is an alarm.",
        "days",
    ),
    *BREAKERS,
)
