"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["CURBSTOP_SERVES"] = "1"

application = get_wsgi_application()

from core.startup import keep_what_is_loaded  # noqa: E402 - needs the settings above
from core.tenancy.provision import check_role  # noqa: E402 - needs the settings above

check_role()
connections.close_all()
keep_what_is_loaded()
