"""The site's settings for the programs of a trial: each step of a run is told by a mail, kept in a folder."""

import os

from config.settings import *  # noqa: F403 - settings are taken over whole

EVENT_WIRING = "tests.trials.letters.CONSUMERS"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["CURBSTOP_TRIAL_MAIL"]
