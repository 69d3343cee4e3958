"""The texts of a location: each field once, with its length."""

from core.texts import Text

LOCATION_TEXTS = (
    Text("street_number", "Street number", 10, needed=True),
    Text("street_name", "Street name", 40, needed=True),
    Text("unit_label", "Unit", 15, help="Apartment, suite, lot."),
    Text("city", "City", 30, needed=True),
    Text("state", "State", 2, needed=True, look="upper"),
    Text("zip_code", "ZIP", 10, needed=True, help="Five digits, or ZIP+4 such as 51501-1234."),
    Text("zone", "Zone", 12, codes="zone"),
    Text("parcel", "Property PIN", 30, help="The parcel’s identification number."),
)
