"""The site's settings with the app for trials added."""

from config.settings import *  # noqa: F403 - settings are taken over whole

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys"]  # noqa: F405 - from the line above
EVENT_WIRING = "tests.toys.jobs.CONSUMERS"
