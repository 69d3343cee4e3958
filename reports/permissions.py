"""Rights of reports."""

from core.permissions import Permission

PERMISSIONS = (Permission("reports.view", "See reports", "Office"),)
