from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.write_off_guards import WRITE_OFF_DECIDED_ONCE

_STATES = [
    ("waiting", "Waiting"),
    ("posted", "Written off"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
    ("reversed", "Taken back"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("customers", "0003_office"),
        ("ledger", "0004_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="WriteOff",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("reason", models.CharField(max_length=120)),
                ("on", models.DateField(help_text="proposed")),
                ("maker", models.CharField(max_length=80)),
                ("maker_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("state", models.CharField(choices=_STATES, default="waiting", max_length=10)),
                ("checker", models.CharField(blank=True, max_length=80)),
                ("checker_name", models.CharField(blank=True, max_length=80)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "checked_why",
                    models.CharField(
                        blank=True, help_text="why it was refused or taken back", max_length=200
                    ),
                ),
                ("posted_on", models.DateField(help_text="the day it counts on", null=True)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("journal", core.tenancy.fields.Ref(null=True, related_name="+", to="ledger.journal")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["tenant", "made_at"],
                        name="write_off_waits",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="write_off_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", False),
                                ("journal__isnull", False),
                                ("posted_on__isnull", False),
                                ("state__in", ("posted", "reversed")),
                            ),
                            models.Q(
                                ("checked_at", None),
                                ("journal", None),
                                ("posted_on", None),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("journal", None),
                                ("posted_on", None),
                                ("state__in", ("refused", "withdrawn")),
                            ),
                            _connector="OR",
                        ),
                        name="write_off_posted_once_checked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("tenant", "account"),
                        name="write_off_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WriteOffLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("charge", core.tenancy.fields.Ref(related_name="+", to="ledger.charge")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("write_off", core.tenancy.fields.Ref(related_name="+", to="ledger.writeoff")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "write_off", "charge"), name="write_off_charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="write_off_line_above_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("on", models.DateField()),
                ("text", models.CharField(help_text="from whom, or the number of the cheque", max_length=120)),
                ("journal", core.tenancy.fields.Ref(related_name="+", to="ledger.journal")),
                ("line", core.tenancy.fields.Ref(related_name="+", to="ledger.writeoffline")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                (
                    "undoes",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.recovery"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "undoes"), name="recovery_undone_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("undoes", None)),
                            models.Q(("amount__lt", 0), ("undoes__isnull", False)),
                            _connector="OR",
                        ),
                        name="recovery_or_its_undoing",
                    ),
                ],
            },
        ),
        TenantTable(
            "writeoff",
            update=(
                "state", "checker", "checker_name", "checked_at", "checked_why", "journal_id", "posted_on",
            ),
            tracked=True,
        ),
        TenantTable("writeoffline", update=False),
        TenantTable("recovery", update=False),
        migrations.RunSQL(WRITE_OFF_DECIDED_ONCE),
    ]  # fmt: skip
