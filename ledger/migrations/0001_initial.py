from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.guards import GUARDS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChartAccount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "Asset"),
                            ("liability", "Liability"),
                            ("revenue", "Revenue"),
                            ("expense", "Expense"),
                        ],
                        max_length=10,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=30)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Credit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=120)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("on", models.DateField()),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="CreditLeft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("open", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                ("credit", core.tenancy.fields.Ref(related_name="+", to="ledger.credit")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="DepositLeft",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("open", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("deposit", core.tenancy.fields.Ref(related_name="+", to="ledger.deposit")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="FiscalPeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=80)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100)),
                ("on", models.DateField()),
                ("why", models.CharField(max_length=40)),
                ("lines", models.SmallIntegerField()),
                ("total", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("content_hash", models.CharField(max_length=64)),
                ("operation_id", models.UUIDField()),
                ("posted_at", models.DateTimeField()),
                (
                    "reverses",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.journal"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="DepositMovement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("applied", "Applied"), ("refunded", "Refunded")], max_length=10
                    ),
                ),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("on", models.DateField()),
                ("deposit", core.tenancy.fields.Ref(related_name="+", to="ledger.deposit")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("journal", core.tenancy.fields.Ref(lookup=False, related_name="+", to="ledger.journal")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="deposit",
            name="journal",
            field=core.tenancy.fields.Ref(related_name="+", to="ledger.journal"),
        ),
        migrations.AddField(
            model_name="credit",
            name="journal",
            field=core.tenancy.fields.Ref(related_name="+", to="ledger.journal"),
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("revenue_code", models.CharField(max_length=30)),
                ("component", models.CharField(blank=True, max_length=60)),
                ("text", models.CharField(max_length=120)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("unit", models.CharField(blank=True, max_length=12)),
                (
                    "amount",
                    core.amounts.AmountField(
                        decimal_places=2, help_text="a credit on a bill is below zero", max_digits=14
                    ),
                ),
                ("on", models.DateField()),
                ("due_on", models.DateField()),
                ("priority", models.SmallIntegerField(default=50)),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                (
                    "service",
                    core.tenancy.fields.Ref(
                        lookup=False, null=True, related_name="+", to="customers.service"
                    ),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("journal", core.tenancy.fields.Ref(related_name="+", to="ledger.journal")),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("on", models.DateField()),
                ("tenant", core.tenancy.fields.UtilityKey()),
                (
                    "undoes",
                    core.tenancy.fields.Ref(
                        lookup=False, null=True, related_name="+", to="ledger.application"
                    ),
                ),
                ("charge", core.tenancy.fields.Ref(related_name="+", to="ledger.charge")),
                ("credit", core.tenancy.fields.Ref(related_name="+", to="ledger.credit")),
                ("journal", core.tenancy.fields.Ref(related_name="+", to="ledger.journal")),
            ],
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("open", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("to_history", models.DateField(null=True)),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                ("charge", core.tenancy.fields.Ref(related_name="+", to="ledger.charge")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tenant_id",
                        "journal_id",
                        "n",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("n", models.SmallIntegerField()),
                ("debit", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
                ("credit", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
                (
                    "account",
                    core.tenancy.fields.Ref(
                        lookup=False, null=True, related_name="+", to="customers.account"
                    ),
                ),
                (
                    "chart_account",
                    core.tenancy.fields.Ref(lookup=False, related_name="+", to="ledger.chartaccount"),
                ),
                ("journal", core.tenancy.fields.Ref(lookup=False, related_name="+", to="ledger.journal")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="RevenueCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=80)),
                ("priority", models.SmallIntegerField(default=50, help_text="lower is paid first")),
                ("chart_account", core.tenancy.fields.Ref(related_name="+", to="ledger.chartaccount")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddConstraint(
            model_name="chartaccount",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="chart_code_once"),
        ),
        migrations.AddConstraint(
            model_name="chartaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", ""), _negated=True),
                fields=("tenant", "role"),
                name="chart_role_once",
            ),
        ),
        migrations.AddIndex(
            model_name="creditleft",
            index=models.Index(
                condition=models.Q(("open__gt", 0)),
                fields=["tenant", "account"],
                name="credit_left_by_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditleft",
            constraint=models.UniqueConstraint(fields=("tenant", "credit"), name="credit_left_once"),
        ),
        migrations.AddConstraint(
            model_name="creditleft",
            constraint=models.CheckConstraint(
                condition=models.Q(("open__gte", 0), ("open__lte", models.F("amount"))),
                name="credit_left_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="depositleft",
            constraint=models.UniqueConstraint(fields=("tenant", "deposit"), name="deposit_left_once"),
        ),
        migrations.AddConstraint(
            model_name="depositleft",
            constraint=models.CheckConstraint(
                condition=models.Q(("open__gte", 0), ("open__lte", models.F("amount"))),
                name="deposit_left_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="fiscalperiod",
            constraint=models.UniqueConstraint(fields=("tenant", "starts"), name="period_once"),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(fields=["tenant", "on"], name="journal_by_day"),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.UniqueConstraint(fields=("tenant", "key"), name="journal_key_once"),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.UniqueConstraint(fields=("tenant", "reverses"), name="journal_reversed_once"),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.CheckConstraint(
                condition=models.Q(("lines__gte", 2), ("total__gt", 0)), name="journal_has_lines"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="deposit_above_zero"
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(fields=["tenant", "account", "on"], name="credit_by_account"),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="credit_above_zero"
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["tenant", "account", "on"], name="charge_by_account"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("tenant", "undoes"), name="application_undone_once"),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("open__gt", 0)), fields=["tenant", "account"], name="open_by_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.UniqueConstraint(fields=("tenant", "charge"), name="open_item_once"),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("open__gte", 0), ("open__lte", models.F("amount"))),
                name="open_item_within",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["tenant", "account", "chart_account"], name="posting_by_account"),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("debit__gt", 0), ("credit", 0)),
                    models.Q(("debit", 0), ("credit__gt", 0)),
                    _connector="OR",
                ),
                name="posting_one_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="revenuecode",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="revenue_code_once"),
        ),
        TenantTable("chartaccount", tracked=True),
        TenantTable("revenuecode", tracked=True),
        TenantTable("fiscalperiod", update=("closed_at", "closed_by"), tracked=True),
        TenantTable("journal", update=False),
        TenantTable("posting", update=False, keyed=False),
        TenantTable("charge", update=False),
        TenantTable("openitem", update=("open", "to_history"), roomy=True),
        TenantTable("credit", update=False),
        TenantTable("creditleft", update=("open",)),
        TenantTable("application", update=False),
        TenantTable("deposit", update=False),
        TenantTable("depositleft", update=("open",)),
        TenantTable("depositmovement", update=False),
        migrations.RunSQL(GUARDS),
    ]
