from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("core", "0001_initial"),
        ("ledger", "0001_initial"),
        ("meters", "0002_town_month"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillAlarm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("found_on", models.DateField()),
                ("posted", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "made",
                    core.amounts.AmountField(
                        decimal_places=2,
                        help_text="none when no bill could be made",
                        max_digits=14,
                        null=True,
                    ),
                ),
                ("detail", models.CharField(max_length=300)),
                ("cleared_at", models.DateTimeField(null=True)),
                ("cleared_by", models.CharField(blank=True, max_length=80)),
                ("cleared_why", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="BillCancellation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("why", models.CharField(max_length=200)),
                ("operator", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BillLook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "colour",
                    models.CharField(
                        default="#1f4e79", help_text="headings and bars, as #rrggbb", max_length=7
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        default="#2f855a", help_text="the present month in charts", max_length=7
                    ),
                ),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RunTotal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("chunk", models.IntegerField()),
                ("state", models.CharField(help_text="of its prepared bills: ready or held", max_length=10)),
                ("category", models.CharField(max_length=20)),
                ("service_type", models.CharField(max_length=20)),
                ("rate_code", models.CharField(max_length=12)),
                ("revenue_code", models.CharField(max_length=20)),
                ("unit", models.CharField(blank=True, max_length=8)),
                ("bills", models.IntegerField(help_text="prepared bills with such a line")),
                ("quantity", models.DecimalField(decimal_places=6, default=0, max_digits=18)),
                ("amount", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="printbatch",
            name="print_part_once",
        ),
        migrations.AddField(
            model_name="bill",
            name="deposit_applied",
            field=core.amounts.AmountField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="deposits laid on a final bill",
                max_digits=14,
            ),
        ),
        migrations.AddField(
            model_name="bill",
            name="final",
            field=models.BooleanField(db_default=False, default=False, help_text="the account's last"),
        ),
        migrations.AddField(
            model_name="preparedbill",
            name="at_risk",
            field=core.amounts.AmountField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="dollars wrong or unbilled if this one is wrong",
                max_digits=14,
            ),
        ),
        migrations.AddField(
            model_name="preparedbill",
            name="held_by",
            field=models.CharField(blank=True, db_default="", help_text="who held it by hand", max_length=80),
        ),
        migrations.AddField(
            model_name="preparedbill",
            name="usual",
            field=core.amounts.AmountField(
                decimal_places=2,
                help_text="the mean of the account's bills of the last year",
                max_digits=14,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="printbatch",
            name="group",
            field=models.CharField(
                db_default="mail",
                default="mail",
                help_text="mail, or draft: paid by bank draft",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="checks",
            field=models.JSONField(
                default=list, help_text="what the circuit breakers found, and who let it pass"
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="print_order",
            field=models.CharField(
                db_default="route", default="route", help_text="route, zip, carrier or name", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="printbatch",
            constraint=models.UniqueConstraint(
                fields=("tenant", "run", "group", "part"), name="print_part_once"
            ),
        ),
        migrations.AddField(
            model_name="billalarm",
            name="bill",
            field=core.tenancy.fields.Ref(related_name="+", to="billing.bill"),
        ),
        migrations.AddField(
            model_name="billalarm",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.AddField(
            model_name="billcancellation",
            name="bill",
            field=core.tenancy.fields.Ref(related_name="+", to="billing.bill"),
        ),
        migrations.AddField(
            model_name="billcancellation",
            name="mirror",
            field=core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.journal"),
        ),
        migrations.AddField(
            model_name="billcancellation",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.AddField(
            model_name="billlook",
            name="logo",
            field=core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.storedfile"),
        ),
        migrations.AddField(
            model_name="billlook",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.AddField(
            model_name="runtotal",
            name="route",
            field=core.tenancy.fields.Ref(lookup=False, related_name="+", to="meters.route"),
        ),
        migrations.AddField(
            model_name="runtotal",
            name="run",
            field=core.tenancy.fields.Ref(related_name="+", to="billing.run"),
        ),
        migrations.AddField(
            model_name="runtotal",
            name="tenant",
            field=core.tenancy.fields.UtilityKey(),
        ),
        migrations.AddConstraint(
            model_name="billalarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)),
                fields=("tenant", "bill"),
                name="one_open_alarm_a_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="billcancellation",
            constraint=models.UniqueConstraint(fields=("tenant", "bill"), name="bill_cancelled_once"),
        ),
        TenantTable("runtotal", delete=True),
        TenantTable("billalarm", update=("cleared_at", "cleared_by", "cleared_why")),
        TenantTable("billlook", update=False),
        TenantTable("billcancellation", update=False),
    ]
