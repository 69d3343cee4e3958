"""Rights of files in and out."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("interchange.view", "See imports", "Office"),
    Permission("interchange.import", "Bring in a file", "Office"),
    Permission("interchange.approve", "Approve an import", "Office"),
)
