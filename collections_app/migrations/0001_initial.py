import django.db.models.expressions
from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("customers", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Drawer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                (
                    "chart_account",
                    core.tenancy.fields.Ref(lookup=False, related_name="+", to="ledger.chartaccount"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="DrawerSession",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("operator", models.CharField(max_length=80)),
                ("operator_name", models.CharField(max_length=80)),
                ("opening", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("drawer", core.tenancy.fields.Ref(related_name="+", to="collections_app.drawer")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("series", models.CharField(default="counter", max_length=20)),
                ("number", models.BigIntegerField()),
                ("operator", models.CharField(max_length=80)),
                ("operator_name", models.CharField(max_length=80)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        default="counter", help_text="counter, or the partner's name", max_length=30
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, help_text="the payment's name at its source", max_length=80),
                ),
                ("tendered", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("change", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
                (
                    "total",
                    core.amounts.AmountField(decimal_places=2, help_text="tendered − change", max_digits=14),
                ),
                (
                    "session",
                    core.tenancy.fields.Ref(null=True, related_name="+", to="collections_app.drawersession"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "balance_before",
                    core.amounts.AmountField(
                        decimal_places=2, help_text="payoff; a credit below zero", max_digits=14
                    ),
                ),
                ("balance_after", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("credit", core.tenancy.fields.Ref(related_name="+", to="ledger.credit")),
                ("journal", core.tenancy.fields.Ref(related_name="+", to="ledger.journal")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("receipt", core.tenancy.fields.Ref(related_name="+", to="collections_app.receipt")),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptVoid",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("operator", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("receipt", core.tenancy.fields.Ref(related_name="+", to="collections_app.receipt")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Tender",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cash", "Cash"),
                            ("check", "Check"),
                            ("card", "Card terminal"),
                            ("money_order", "Money order"),
                            ("transfer", "Bank transfer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="cheque or terminal slip number", max_length=40),
                ),
                ("receipt", core.tenancy.fields.Ref(related_name="+", to="collections_app.receipt")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddConstraint(
            model_name="drawer",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="drawer_code_once"),
        ),
        migrations.AddConstraint(
            model_name="drawersession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("tenant", "drawer"), name="drawer_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                fields=("tenant", "series", "number"), name="receipt_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("tenant", "source", "reference"),
                name="outside_payment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("total__gt", 0),
                    ("change__gte", 0),
                    (
                        "total",
                        django.db.models.expressions.CombinedExpression(
                            models.F("tendered"), "-", models.F("change")
                        ),
                    ),
                ),
                name="receipt_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="payment_above_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptvoid",
            constraint=models.UniqueConstraint(fields=("tenant", "receipt"), name="receipt_voided_once"),
        ),
        migrations.AddConstraint(
            model_name="tender",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="tender_above_zero"
            ),
        ),
        TenantTable("drawer", tracked=True),
        TenantTable("drawersession", update=("closed_at",)),
        TenantTable("receipt", update=False),
        TenantTable("tender", update=False),
        TenantTable("payment", update=False),
        TenantTable("receiptvoid", update=False),
    ]
