"""The interchange app."""

from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    """See the house in the README."""

    name = "interchange"
    default_auto_field = "django.db.models.BigAutoField"
