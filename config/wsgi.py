"""The web server's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["CURBSTOP_SERVES"] = "1"

application = get_wsgi_application()

from core.tenancy.provision import check_role  # noqa: E402 - needs the settings above

check_role()
connections.close_all()
# What is loaded now stays; going through it again and again for refuse costs a page its milliseconds.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
