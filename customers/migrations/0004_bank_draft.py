import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_office"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankDraft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uuid",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                    ),
                ),
                ("bank", models.CharField(help_text="code", max_length=12)),
                ("holder", models.CharField(help_text="whose bank account it is", max_length=80)),
                ("routing", models.CharField(max_length=9)),
                (
                    "number",
                    models.BinaryField(help_text="of the bank account, sealed; never plain", null=True),
                ),
                ("number_index", models.BinaryField(help_text="blind index", null=True)),
                ("number_last4", models.CharField(blank=True, max_length=4)),
                (
                    "kind",
                    models.CharField(
                        choices=[("checking", "Checking"), ("savings", "Savings")],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("signed_on", models.DateField(help_text="the day on which the holder agreed")),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("paused", models.BooleanField(default=False)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends", None), ("ends__gte", models.F("starts")), _connector="OR"
                        ),
                        name="draft_ends_after_it_starts",
                    )
                ],
            },
        ),
        TenantTable("bankdraft", tracked=True, unseen=("number", "number_index")),
        migrations.RunSQL(
            "ALTER TABLE customers_bankdraft ADD CONSTRAINT one_draft_an_account EXCLUDE USING gist"
            " (int8range(tenant_id, tenant_id, '[]') WITH &&,"
            " int8range(account_id, account_id, '[]') WITH &&, daterange(starts, ends) WITH &&)",
            "ALTER TABLE customers_bankdraft DROP CONSTRAINT one_draft_an_account",
        ),
    ]
