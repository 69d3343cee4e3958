"""The long work of the ledger."""

from ledger import history, purging

JOB_KINDS = (history.JOB_KIND, purging.JOB_KIND, purging.LOOK_JOB_KIND)
