"""Sets Django up; imported before any model by what runs inside a measuring database."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
