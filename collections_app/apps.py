"""The collections_app app."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """See the house in the README."""

    name = "collections_app"
    default_auto_field = "django.db.models.BigAutoField"
