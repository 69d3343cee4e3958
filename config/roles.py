"""The roles a new utility starts with; rights are codes of ``<app>/permissions.py``.

A patterned code (``*.view``) also covers rights that later versions bring.
"""

from core.permissions import RolePreset

_SEE = ("*.view",)

ROLES = (
    RolePreset("administrator", "Administrator", ("*",)),
    RolePreset(
        "supervisor",
        "Supervisor",
        (
            *_SEE,
            "customers.*",
            "readings.*",
            "meters.*",
            "rates.*",
            "bills.*",
            "billing.*",
            "ledger.*",
            "payments.*",
            "interchange.*",
            "core.job.*",
            "core.schedule.manage",
            "core.code.edit",
            "core.policy.set",
            "core.secret.reveal",
        ),
    ),
    RolePreset(
        "billing",
        "Billing",
        (
            "*.view",
            "customers.edit",
            "meters.edit",
            "meters.work_order.*",
            "readings.*",
            "rates.edit",
            "rates.what_if",
            "billing.run.open",
            "billing.run.prepare",
            "billing.run.review",
            "billing.run.approve",
            "billing.run.post",
            "billing.run.print",
            "ledger.adjust",
            "ledger.deposit.use",
            "ledger.write_off",
            "interchange.import",
            "core.job.cancel",
        ),
    ),
    RolePreset(
        "clerk",
        "Clerk",
        (
            "customers.view",
            "customers.edit",
            "meters.work_order.*",
            "meters.view",
            "readings.view",
            "readings.enter",
            "readings.correct",
            "rates.view",
            "bills.view",
            "ledger.view",
            "ledger.adjust",
            "ledger.deposit.use",
            "ledger.write_off",
            "payments.view",
            "payments.post",
            "payments.override_split",
            "reports.view",
            "core.job.view",
        ),
    ),
    RolePreset(
        "viewer",
        "Viewer",
        (
            "customers.view",
            "meters.work_order.view",
            "meters.view",
            "readings.view",
            "rates.view",
            "bills.view",
            "billing.run.view",
            "ledger.view",
            "payments.view",
            "reports.view",
        ),
    ),
)
