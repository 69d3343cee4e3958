from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.deposit_guards import REFUND_DECIDED_ONCE, RIGHTS

_REFERENCES = (
    "ALTER TABLE ledger_deposit ADD CONSTRAINT ledger_deposit_landlord_id_ref"
    " FOREIGN KEY (tenant_id, landlord_id) REFERENCES customers_landlord (tenant_id, id)",
    "CREATE INDEX ledger_deposit_landlord_id_ix ON ledger_deposit (tenant_id, landlord_id)",
    "ALTER TABLE ledger_depositmovement ADD CONSTRAINT ledger_depositmovement_undoes_id_ref"
    " FOREIGN KEY (tenant_id, undoes_id) REFERENCES ledger_depositmovement (tenant_id, id)",
)


def _text(length: int, help_text: str = "") -> "models.CharField[str, str]":
    return models.CharField(blank=True, db_default="", max_length=length, help_text=help_text)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("customers", "0003_office"),
        ("ledger", "0002_adjustments"),
    ]

    operations = [
        migrations.AddField(
            model_name="deposit",
            name="for_service",
            field=models.CharField(
                choices=[
                    ("all", "All services"),
                    ("water", "Water and sewer"),
                    ("electric", "Electric"),
                    ("gas", "Gas"),
                    ("refuse", "Refuse"),
                    ("other", "Other"),
                ],
                db_default="all",
                default="all",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="payer",
            field=models.CharField(
                choices=[("customer", "Customer"), ("landlord", "Landlord")],
                db_default="customer",
                default="customer",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="landlord",
            field=core.tenancy.fields.Ref(null=True, related_name="+", to="customers.landlord"),
        ),
        migrations.AddField(model_name="deposit", name="operator", field=_text(80)),
        migrations.AddField(model_name="deposit", name="operator_name", field=_text(80)),
        migrations.AddField(model_name="depositmovement", name="reference", field=_text(40)),
        migrations.AddField(model_name="depositmovement", name="operator", field=_text(80)),
        migrations.AddField(model_name="depositmovement", name="operator_name", field=_text(80)),
        migrations.AddField(
            model_name="depositmovement", name="why", field=_text(200, help_text="why it was undone")
        ),
        migrations.AddField(
            model_name="depositmovement",
            name="undoes",
            field=core.tenancy.fields.Ref(
                lookup=False, null=True, related_name="+", to="ledger.depositmovement"
            ),
        ),
        migrations.AlterField(
            model_name="depositmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("applied", "Applied"),
                    ("refunded", "Refunded"),
                    ("taken_back", "Receipt voided"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("landlord__isnull", False), ("payer", "landlord")),
                    models.Q(("landlord", None), ("payer", "customer")),
                    _connector="OR",
                ),
                name="deposit_of_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="depositmovement",
            constraint=models.UniqueConstraint(
                fields=("tenant", "undoes"), name="deposit_movement_undone_once"
            ),
        ),
        migrations.RunSQL(list(_REFERENCES)),
        migrations.CreateModel(
            name="DepositRefund",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("payee", models.CharField(help_text="whom it goes to", max_length=80)),
                ("reason", models.CharField(max_length=120)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("on", models.DateField(help_text="proposed")),
                ("maker", models.CharField(max_length=80)),
                ("maker_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("reversed", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("checker", models.CharField(blank=True, max_length=80)),
                ("checker_name", models.CharField(blank=True, max_length=80)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_why", models.CharField(blank=True, help_text="why it was refused", max_length=200)),
                ("cheque", models.CharField(blank=True, help_text="cheque number", max_length=20)),
                ("cheque_on", models.DateField(null=True)),
                ("deposit", core.tenancy.fields.Ref(related_name="+", to="ledger.deposit")),
                (
                    "movement",
                    core.tenancy.fields.Ref(
                        lookup=False, null=True, related_name="+", to="ledger.depositmovement"
                    ),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["tenant", "made_at"],
                        name="refund_waits",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_above_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("checked_at__isnull", False),
                                ("movement__isnull", False),
                                ("state__in", ("approved", "reversed")),
                            ),
                            models.Q(("checked_at", None), ("movement", None), ("state", "waiting")),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("movement", None),
                                ("state__in", ("refused", "withdrawn")),
                            ),
                            _connector="OR",
                        ),
                        name="refund_posted_once_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cheque", ""), ("cheque_on", None)),
                            models.Q(
                                ("cheque__gt", ""), ("cheque_on__isnull", False), ("movement__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="refund_cheque_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("tenant", "deposit"),
                        name="refund_waits_once",
                    ),
                ],
            },
        ),
        TenantTable(
            "depositrefund",
            update=(
                *("state", "checker", "checker_name", "checked_at", "checked_why"),
                *("movement_id", "cheque", "cheque_on"),
            ),
            tracked=True,
        ),
        migrations.RunSQL(REFUND_DECIDED_ONCE),
        migrations.RunSQL(RIGHTS),
    ]
