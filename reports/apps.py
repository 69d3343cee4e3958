"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """See the house in the README."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
