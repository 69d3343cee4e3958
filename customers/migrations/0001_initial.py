import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
        ("meters", "0001_initial"),
        ("rates", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
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
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("mail_line_1", models.CharField(max_length=60)),
                ("mail_line_2", models.CharField(blank=True, max_length=60)),
                ("mail_city", models.CharField(max_length=40)),
                ("mail_state", models.CharField(max_length=3)),
                ("mail_zip", models.CharField(max_length=10)),
                ("mail_country", models.CharField(default="US", max_length=2)),
                (
                    "delivery_point",
                    models.CharField(blank=True, help_text="for the postal bar code", max_length=2),
                ),
                ("ssn", models.BinaryField(help_text="sealed by core.secrets; never plain", null=True)),
                ("ssn_index", models.BinaryField(help_text="blind index", null=True)),
                ("ssn_last4", models.CharField(blank=True, max_length=4)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("category", models.CharField(default="residential", max_length=20)),
                ("units", models.IntegerField(default=1)),
                ("late_fee_exempt", models.BooleanField(default=False)),
                ("cash_only", models.BooleanField(default=False)),
                ("no_bill", models.BooleanField(default=False)),
                ("on_hold", models.BooleanField(default=False)),
                ("tax_exempt_codes", models.JSONField(default=list)),
                (
                    "message",
                    models.CharField(blank=True, help_text="printed on this account's bills", max_length=200),
                ),
                ("location", core.tenancy.fields.Ref(related_name="+", to="meters.location")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("customer", core.tenancy.fields.Ref(related_name="+", to="customers.customer")),
            ],
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "service_type",
                    models.CharField(
                        choices=[
                            ("water", "Water"),
                            ("sewer", "Sewer"),
                            ("electric", "Electric"),
                            ("gas", "Gas"),
                            ("refuse", "Refuse"),
                            ("drainage", "Drainage"),
                            ("light", "Street light"),
                            ("irrigation", "Irrigation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("billed_to", models.DateField(null=True)),
                ("units", models.DecimalField(decimal_places=3, default=1, max_digits=10)),
                ("attributes", models.JSONField(default=dict)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("rate", core.tenancy.fields.Ref(related_name="+", to="rates.ratetable")),
                (
                    "service_point",
                    core.tenancy.fields.Ref(null=True, related_name="+", to="meters.servicepoint"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="account_number_once"),
        ),
        TenantTable("customer", tracked=True, unseen=("ssn", "ssn_index")),
        TenantTable("account", tracked=True),
        TenantTable(
            "service",
            tracked=("service_point_id", "rate_id", "starts", "ends", "units", "attributes"),
            roomy=True,
        ),
        migrations.RunSQL(
            "ALTER TABLE customers_service ADD CONSTRAINT one_service_a_point EXCLUDE USING gist"
            " (int8range(service_point_id, service_point_id, '[]') WITH &&, daterange(starts, ends) WITH &&)"
            " WHERE (service_point_id IS NOT NULL)"
        ),
    ]
