"""Django's name card of the app for trials."""

from pathlib import Path

from django.apps import AppConfig


class ToysConfig(AppConfig):
    """Counted among the product's own apps, which stand at the top of the checkout."""

    name = "tests.toys"
    label = "toys"
    path = str(Path(__file__).resolve().parents[2] / "toys")
