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
        ("meters", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="CycleRoute",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("cycle", core.tenancy.fields.Ref(related_name="+", to="billing.cycle")),
                ("route", core.tenancy.fields.Ref(related_name="+", to="meters.route")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="PreparedBill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("chunk", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready"),
                            ("held", "Held"),
                            ("excepted", "Not billed"),
                            ("posted", "Posted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("starts", models.DateField(null=True)),
                ("ends", models.DateField(null=True)),
                ("total", core.amounts.AmountField(decimal_places=2, default=0, max_digits=14)),
                ("facts", models.JSONField(default=dict)),
                ("lines", models.JSONField(default=list)),
                (
                    "measured",
                    models.JSONField(
                        default=list, help_text="[service periods, readings used], as assembled"
                    ),
                ),
                ("charge_hash", models.CharField(blank=True, max_length=64)),
                ("warnings", models.JSONField(default=list)),
                (
                    "released",
                    models.JSONField(
                        default=list, help_text="hold reasons a person looked at and let through"
                    ),
                ),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("bill_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "charges",
                    core.amounts.AmountField(decimal_places=2, help_text="Σ of its charges", max_digits=14),
                ),
                (
                    "previous_balance",
                    core.amounts.AmountField(
                        decimal_places=2,
                        help_text="payoff before this bill, credit below zero",
                        max_digits=14,
                    ),
                ),
                (
                    "payments",
                    core.amounts.AmountField(
                        decimal_places=2, help_text="received since the last bill", max_digits=14
                    ),
                ),
                (
                    "credit_applied",
                    core.amounts.AmountField(
                        decimal_places=2,
                        default=0,
                        help_text="overpayments laid on the new charges",
                        max_digits=14,
                    ),
                ),
                ("total_due", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                (
                    "due_after",
                    core.amounts.AmountField(
                        decimal_places=2,
                        help_text="amount after the due date, when the policy is set",
                        max_digits=14,
                        null=True,
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=400)),
                ("engine_version", models.CharField(max_length=20)),
                ("is_live", models.BooleanField(default=True)),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                (
                    "journal",
                    core.tenancy.fields.Ref(
                        help_text="none when every line is 0.00",
                        null=True,
                        related_name="+",
                        to="ledger.journal",
                    ),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
                (
                    "prepared",
                    core.tenancy.fields.Ref(lookup=False, related_name="+", to="billing.preparedbill"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrintBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "part",
                    models.IntegerField(help_text="0: the whole run; 1…n: parts as the chunks made them"),
                ),
                ("pages", models.IntegerField()),
                ("bills", models.IntegerField()),
                ("file", core.tenancy.fields.Ref(lookup=False, related_name="+", to="core.storedfile")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="BillPage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("first_page", models.IntegerField()),
                ("page_count", models.IntegerField()),
                ("bill", core.tenancy.fields.Ref(related_name="+", to="billing.bill")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("batch", core.tenancy.fields.Ref(related_name="+", to="billing.printbatch")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegisterUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("use", models.DecimalField(decimal_places=6, max_digits=18)),
                ("unit", models.CharField(max_length=8)),
                ("on", models.DateField(help_text="the later reading's day")),
                ("days", models.IntegerField()),
                ("source", models.CharField(max_length=1)),
                ("is_live", models.BooleanField(default=True)),
                ("bill", core.tenancy.fields.Ref(related_name="+", to="billing.bill")),
                (
                    "from_reading",
                    core.tenancy.fields.Ref(lookup=False, related_name="+", to="meters.reading"),
                ),
                ("register", core.tenancy.fields.Ref(lookup=False, related_name="+", to="meters.register")),
                ("service", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.service")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("to_reading", core.tenancy.fields.Ref(lookup=False, related_name="+", to="meters.reading")),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField(help_text="the period of flat services, [starts, ends)")),
                ("ends", models.DateField()),
                ("bill_on", models.DateField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("prepared", "Prepared"),
                            ("reviewed", "Reviewed"),
                            ("approved", "Approved"),
                            ("posted", "Posted"),
                            ("printed", "Printed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=200)),
                ("attempt", models.IntegerField(default=0, help_text="how often it was prepared")),
                ("terms", models.JSONField(default=dict, help_text="the policies it was prepared under")),
                ("seen", models.JSONField(default=dict, help_text="hash per chunk of what the reviewer saw")),
                ("opened_by", models.CharField(max_length=80)),
                ("reviewed_by", models.CharField(blank=True, max_length=80)),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("opened_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "single_operator",
                    models.BooleanField(default=False, help_text="approved under that policy"),
                ),
                (
                    "not_printed_why",
                    models.CharField(blank=True, help_text="paper was not wanted", max_length=200),
                ),
                ("cycle", core.tenancy.fields.Ref(related_name="+", to="billing.cycle")),
                (
                    "post_job",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job"),
                ),
                (
                    "prepare_job",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job"),
                ),
                (
                    "print_job",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddField(
            model_name="printbatch",
            name="run",
            field=core.tenancy.fields.Ref(related_name="+", to="billing.run"),
        ),
        migrations.AddField(
            model_name="preparedbill",
            name="run",
            field=core.tenancy.fields.Ref(lookup=False, related_name="+", to="billing.run"),
        ),
        migrations.AddField(
            model_name="bill",
            name="run",
            field=core.tenancy.fields.Ref(related_name="+", to="billing.run"),
        ),
        migrations.CreateModel(
            name="BilledPeriod",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("is_live", models.BooleanField(default=True)),
                ("bill", core.tenancy.fields.Ref(related_name="+", to="billing.bill")),
                ("service", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.service")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("tenant", "service", "starts"),
                        name="period_billed_once",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="cycle_code_once"),
        ),
        migrations.AddConstraint(
            model_name="cycleroute",
            constraint=models.UniqueConstraint(fields=("tenant", "route"), name="route_in_one_cycle"),
        ),
        migrations.AddIndex(
            model_name="registeruse",
            index=models.Index(fields=["tenant", "register", "on"], name="use_by_register"),
        ),
        migrations.AddConstraint(
            model_name="registeruse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)),
                fields=("tenant", "from_reading"),
                name="from_reading_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="registeruse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)), fields=("tenant", "to_reading"), name="to_reading_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("tenant", "cycle", "starts"),
                name="one_live_run_a_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))), name="run_has_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="printbatch",
            constraint=models.UniqueConstraint(fields=("tenant", "run", "part"), name="print_part_once"),
        ),
        migrations.AddIndex(
            model_name="preparedbill",
            index=models.Index(fields=["tenant", "run", "chunk"], name="prepared_by_chunk"),
        ),
        migrations.AddConstraint(
            model_name="preparedbill",
            constraint=models.UniqueConstraint(
                fields=("tenant", "run", "account"), name="one_prepared_bill_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="bill_number_once"),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)),
                fields=("tenant", "account", "starts"),
                name="one_live_bill_a_period",
            ),
        ),
        TenantTable("cycle", tracked=True),
        TenantTable("cycleroute", delete=True, tracked=True),
        TenantTable("run"),
        TenantTable("preparedbill", delete=True, roomy=True),
        TenantTable("bill", update=("is_live",)),
        TenantTable("billedperiod", update=("is_live",)),
        TenantTable("registeruse", update=("is_live",)),
        TenantTable("printbatch", update=False),
        TenantTable("billpage", update=False),
    ]
