"""What-ifs: posted bills under other rate tables, and what came out."""

from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_bill_by_account"),
        ("core", "0001_initial"),
        ("rates", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("latest", "The latest bills"),
                            ("run", "The bills of one run"),
                            ("month", "All bills of a month"),
                            ("since", "Bills of the days of a version"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "basis_text",
                    models.CharField(help_text="the same in words, as of when it was asked", max_length=160),
                ),
                (
                    "runs",
                    models.JSONField(
                        default=list, help_text="ids of the posted runs whose live bills are taken"
                    ),
                ),
                ("bills", models.IntegerField(default=0, help_text="how many bills were asked about")),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("figures", models.JSONField(default=dict)),
                ("made_by", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("job", core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                (
                    "version",
                    core.tenancy.fields.Ref(
                        help_text="the draft whose past days are asked about",
                        null=True,
                        related_name="+",
                        to="rates.rateversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WhatIfTable",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("content", models.JSONField(null=True)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("percent", models.DecimalField(decimal_places=3, max_digits=7, null=True)),
                ("table", core.tenancy.fields.Ref(lookup=False, related_name="+", to="rates.ratetable")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                (
                    "version",
                    core.tenancy.fields.Ref(
                        lookup=False, null=True, related_name="+", to="rates.rateversion"
                    ),
                ),
                ("what_if", core.tenancy.fields.Ref(related_name="+", to="billing.whatif")),
            ],
        ),
        migrations.CreateModel(
            name="WhatIfBill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("category", models.CharField(max_length=20)),
                ("rate_code", models.CharField(max_length=20)),
                ("use", models.DecimalField(decimal_places=6, max_digits=18, null=True)),
                ("unit", models.CharField(blank=True, max_length=8)),
                ("old", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("new", core.amounts.AmountField(decimal_places=2, max_digits=14, null=True)),
                ("change", core.amounts.AmountField(decimal_places=2, max_digits=14, null=True)),
                ("touched", models.BooleanField(help_text="a new table prices one of its services")),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("bill", core.tenancy.fields.Ref(lookup=False, related_name="+", to="billing.bill")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("what_if", core.tenancy.fields.Ref(related_name="+", to="billing.whatif")),
            ],
        ),
        migrations.AddConstraint(
            model_name="whatiftable",
            constraint=models.UniqueConstraint(
                fields=("tenant", "what_if", "table"), name="table_once_a_what_if"
            ),
        ),
        migrations.AddIndex(
            model_name="whatifbill",
            index=models.Index(fields=["tenant", "what_if", "change"], name="what_if_by_change"),
        ),
        TenantTable("whatif", delete=True),
        TenantTable("whatiftable", update=False, delete=True),
        TenantTable("whatifbill", update=False, delete=True),
    ]
