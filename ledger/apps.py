"""The ledger app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """See the house in the README."""

    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
