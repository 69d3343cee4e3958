"""What a work order may say of an account: asked by the app below when an order is made."""

from customers.models import Account


def account_is_there(number: str, location_id: int) -> tuple[str, str]:
    """What is wrong with an order at that location for the account of that number, and the remedy."""
    account = Account.objects.select_related("location").filter(number=number).first()
    if account is None:
        return f"There is no account {number}.", "Check the number, or leave it empty."
    if account.location_id != location_id:
        return (
            f"Account {number} is at {account.location.address}, not there.",
            "Take that location, or another account.",
        )
    return "", ""


ACCOUNT_CHECKS = (account_is_there,)
