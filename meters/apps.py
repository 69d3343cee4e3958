"""The meters app."""

from django.apps import AppConfig


class MetersConfig(AppConfig):
    """See the house in the README."""

    name = "meters"
    default_auto_field = "django.db.models.BigAutoField"
