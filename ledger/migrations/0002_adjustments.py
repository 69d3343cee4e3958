from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.guards import DECIDED_ONCE, WHOLE_CHARGES


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0002_town_month"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("debit", "Debit: more is owed"), ("credit", "Credit: less is owed")],
                        max_length=10,
                    ),
                ),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("revenue_code", models.CharField(max_length=30)),
                ("reason", models.CharField(help_text="of the list in force on its day", max_length=60)),
                ("text", models.CharField(help_text="what the customer reads", max_length=120)),
                ("on", models.DateField(help_text="proposed")),
                ("maker", models.CharField(max_length=80)),
                ("maker_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("posted", "Posted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("reversed", "Reversed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("checker", models.CharField(blank=True, max_length=80)),
                ("checker_name", models.CharField(blank=True, max_length=80)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_why", models.CharField(blank=True, help_text="why it was refused", max_length=200)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                (
                    "charge",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.charge"),
                ),
                ("journal", core.tenancy.fields.Ref(null=True, related_name="+", to="ledger.journal")),
                ("reverses", core.tenancy.fields.Ref(null=True, related_name="+", to="ledger.adjustment")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["tenant", "made_at"],
                        name="adjustment_waits",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="adjustment_above_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", False),
                                ("journal__isnull", False),
                                ("state__in", ("posted", "reversed")),
                            ),
                            models.Q(("checked_at", None), ("journal", None), ("state", "waiting")),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("journal", None),
                                ("state__in", ("refused", "withdrawn")),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_posted_once_checked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "posted"))),
                        fields=("tenant", "reverses"),
                        name="adjustment_reversed_once",
                    ),
                ],
            },
        ),
        TenantTable(
            "adjustment",
            update=("state", "checker", "checker_name", "checked_at", "checked_why", "journal_id"),
            tracked=True,
        ),
        migrations.RunSQL(WHOLE_CHARGES),
        migrations.RunSQL(DECIDED_ONCE),
    ]
