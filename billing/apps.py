"""The billing app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """See the house in the README."""

    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"
