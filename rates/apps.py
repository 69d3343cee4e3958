"""The rates app."""

from django.apps import AppConfig


class RatesConfig(AppConfig):
    """See the house in the README."""

    name = "rates"
    default_auto_field = "django.db.models.BigAutoField"
