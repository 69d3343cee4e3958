"""Loaded before anything else: tests run on a cluster of their own, never on the site's."""

import os

os.environ["CURBSTOP_CLUSTER"] = "test"
os.environ.pop("DATABASE_URL", None)
os.environ.pop("REDIS_URL", None)
