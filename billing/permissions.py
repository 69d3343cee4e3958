"""Rights of billing."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("bills.view", "See bills", "Billing"),
    Permission("billing.run.view", "See billing runs", "Billing"),
    Permission("billing.run.open", "Open a billing run", "Billing"),
    Permission("billing.run.prepare", "Prepare a billing run", "Billing"),
    Permission("billing.run.review", "Review a billing run", "Billing"),
    Permission("billing.run.approve", "Approve a billing run", "Billing"),
    Permission("billing.run.post", "Post a billing run", "Billing"),
    Permission("billing.run.print", "Print a billing run", "Billing"),
)
