"""The site's settings with the app for trials added; for the programs that a trial kills."""

from config.settings import *  # noqa: F403 - settings are taken over whole
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toys"]
EVENT_WIRING = "tests.toys.jobs.CONSUMERS"
