"""The long work of the ledger."""

from ledger import history

JOB_KINDS = (history.JOB_KIND,)
