import django.db.models.expressions
from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0001_initial"),
        ("core", "0001_initial"),
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DrawerClose",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "expected",
                    core.amounts.AmountField(
                        decimal_places=2, help_text="all tenders, with the opening cash", max_digits=14
                    ),
                ),
                ("counted", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "over_short",
                    core.amounts.AmountField(decimal_places=2, help_text="counted − expected", max_digits=14),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("operator", models.CharField(max_length=80)),
                ("operator_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "journal",
                    core.tenancy.fields.Ref(
                        help_text="of over or short",
                        lookup=False,
                        null=True,
                        related_name="+",
                        to="ledger.journal",
                    ),
                ),
                ("session", core.tenancy.fields.Ref(related_name="+", to="collections_app.drawersession")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="DrawerCount",
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
                ("expected", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("counted", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "pieces",
                    models.JSONField(
                        default=dict, help_text="denomination to number, when cash was counted so"
                    ),
                ),
                ("close", core.tenancy.fields.Ref(related_name="+", to="collections_app.drawerclose")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="PaymentReturn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(help_text="not sufficient funds, account closed …", max_length=60),
                ),
                ("on", models.DateField()),
                ("operator", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "fee",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.charge"),
                ),
                ("payment", core.tenancy.fields.Ref(related_name="+", to="collections_app.payment")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="CashMovement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("added", "Float added"), ("drop", "Drop to the safe")], max_length=10
                    ),
                ),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("operator", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "journal",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.journal"),
                ),
                ("session", core.tenancy.fields.Ref(related_name="+", to="collections_app.drawersession")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="cash_movement_above_zero"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="drawerclose",
            constraint=models.UniqueConstraint(fields=("tenant", "session"), name="session_closed_once"),
        ),
        migrations.AddConstraint(
            model_name="drawerclose",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "over_short",
                        django.db.models.expressions.CombinedExpression(
                            models.F("counted"), "-", models.F("expected")
                        ),
                    )
                ),
                name="close_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawercount",
            constraint=models.UniqueConstraint(
                fields=("tenant", "close", "kind"), name="tender_counted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentreturn",
            constraint=models.UniqueConstraint(fields=("tenant", "payment"), name="payment_returned_once"),
        ),
        TenantTable("paymentreturn", update=False),
        TenantTable("cashmovement", update=False),
        TenantTable("drawerclose", update=False),
        TenantTable("drawercount", update=False),
    ]
