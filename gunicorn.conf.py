"""How the web server runs; gunicorn reads this file by itself."""

import os

bind = os.environ.get("CURBSTOP_BIND", "0.0.0.0:8000")  # inside a container; a proxy is in front
workers = int(os.environ.get("CURBSTOP_WEB_WORKERS", "3"))
timeout = 60
graceful_timeout = 30
max_requests = 5000  # a worker that grew is replaced
max_requests_jitter = 500
accesslog = "-"
# Without what was asked and without the page before: somebody may type a person's number into the search.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s "%(a)s" %(M)sms'
