"""The customers app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """See the house in the README."""

    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"
