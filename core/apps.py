"""The shared ground."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Utilities, operators, audit, work, files, screens."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
