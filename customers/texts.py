"""The texts of customers, accounts and those who vouch: each field once, with its length."""

from core.texts import Text

CUSTOMER_TEXTS = (
    Text("name", "Name", 80, needed=True, help="A person or a company, as it stands on bills."),
    Text("phone", "Home telephone", 20),
    Text("work_phone", "Work telephone", 20),
    Text("email", "Mail", 254, look="mail"),
    Text("employer", "Employer", 60),
    Text("mail_line_1", "Address line 1", 60, needed=True, help="Street or PO box."),
    Text("mail_line_2", "Address line 2", 60),
    Text("mail_city", "City", 40, needed=True),
    Text("mail_state", "State", 3, look="upper"),
    Text("mail_zip", "ZIP", 10, help="Five digits, or ZIP+4 such as 51501-1234."),
    Text("mail_country", "Country", 2, help="Two letters; empty is US.", look="upper"),
    Text("mail_postal_code", "International postal code", 16, help="Where there is no ZIP: abroad."),
    Text("carrier_route", "Mail carrier route", 4, help="Of the post, such as C001.", look="upper"),
    Text("delivery_point", "Delivery point", 2, help="Two digits, for the postal bar code."),
)
"""What a customer's file says in words; numbers that are sealed are not among them."""

GUARANTOR_TEXTS = (
    Text("name", "Name", 80, needed=True),
    Text("line_1", "Address line 1", 60, needed=True),
    Text("line_2", "Address line 2", 60),
    Text("city", "City", 40, needed=True),
    Text("state", "State", 3, needed=True, look="upper"),
    Text("zip_code", "ZIP", 10, needed=True, help="Five digits, or ZIP+4 such as 51501-1234."),
    Text("phone", "Telephone", 20),
)

ALTERNATE_TEXTS = (
    Text("name", "Name", 80, help="Empty: the customer’s own."),
    Text("line_1", "Address line 1", 60, needed=True),
    Text("line_2", "Address line 2", 60),
    Text("city", "City", 40, needed=True),
    Text("state", "State", 3, look="upper"),
    Text("zip_code", "ZIP", 10, help="Five digits, or ZIP+4 such as 51501-1234."),
    Text("country", "Country", 2, help="Two letters; empty is US.", look="upper"),
    Text("postal_code", "International postal code", 16, help="Where there is no ZIP: abroad."),
    Text("carrier_route", "Mail carrier route", 4, help="Of the post, such as C001.", look="upper"),
)

ACCOUNT_TEXTS = (
    Text("category", "Category", 12, needed=True, codes="category"),
    Text("demographics", "Demographics", 12, codes="demographics"),
    Text("alternate_payer", "Alternate payer", 80, help="Who else pays: a bank, a parent."),
    Text("message", "Message on its bills", 200),
)
