"""Rights of billing."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("bills.view", "See bills", "Billing"),
    Permission("bills.cancel", "Cancel a posted bill", "Billing"),
    Permission("bills.remake", "Have posted bills made again each night", "Billing"),
    Permission("bills.clear_alarm", "Clear the alarm of a bill that came out otherwise", "Billing"),
    Permission("bills.look", "Change the logo and colours of bills", "Billing"),
    Permission("billing.cycle.edit", "Change cycles and their routes", "Billing"),
    Permission("billing.run.view", "See billing runs", "Billing"),
    Permission("billing.run.open", "Open a billing run", "Billing"),
    Permission("billing.run.prepare", "Prepare a billing run", "Billing"),
    Permission("billing.run.review", "Review a billing run", "Billing"),
    Permission("billing.run.pass_check", "Let a check of a run pass", "Billing"),
    Permission("billing.run.approve", "Approve a billing run", "Billing"),
    Permission("billing.run.post", "Post a billing run", "Billing"),
    Permission("billing.run.print", "Print a billing run", "Billing"),
    Permission("rates.what_if", "Try rate tables on posted bills", "Rates"),
)
