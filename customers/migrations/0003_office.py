import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("customers", "0002_town_month"),
        ("meters", "0003_office"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="bad_debt",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="account",
            name="bills_to",
            field=models.CharField(
                choices=[("main", "Customer’s address"), ("alternate", "Alternate address")],
                db_default="main",
                default="main",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="demographics",
            field=models.CharField(blank=True, db_default="", help_text="code", max_length=12),
        ),
        migrations.AddField(
            model_name="account",
            name="equal_payment",
            field=models.BooleanField(db_default=False, default=False, help_text="pays a budget plan"),
        ),
        migrations.AddField(
            model_name="account",
            name="no_cutoff",
            field=models.BooleanField(
                db_default=False, default=False, help_text="never cut off: life support, a court's order"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="no_cutoff_note",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="account",
            name="no_cutoff_until",
            field=models.DateField(help_text="the first day it counts no more", null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="pending",
            field=models.BooleanField(
                db_default=False, default=False, help_text="waits for its day; nothing is delivered on it yet"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="employer",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="customer",
            name="licence",
            field=models.BinaryField(help_text="driver licence, sealed; never plain", null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="licence_index",
            field=models.BinaryField(help_text="blind index", null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="licence_last4",
            field=models.CharField(blank=True, db_default="", max_length=4),
        ),
        migrations.AddField(
            model_name="customer",
            name="mail_postal_code",
            field=models.CharField(
                blank=True, db_default="", help_text="where there is no ZIP: abroad", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="work_phone",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="customer",
            name="phone",
            field=models.CharField(blank=True, help_text="at home", max_length=20),
        ),
        migrations.CreateModel(
            name="Guarantor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("line_1", models.CharField(max_length=60)),
                ("line_2", models.CharField(blank=True, max_length=60)),
                ("city", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=3)),
                ("zip_code", models.CharField(max_length=10)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="guarantor",
            field=core.tenancy.fields.Ref(null=True, related_name="+", to="customers.guarantor"),
        ),
        migrations.CreateModel(
            name="Landlord",
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
                ("number", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("line_1", models.CharField(max_length=60)),
                ("line_2", models.CharField(blank=True, max_length=60)),
                ("city", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=3)),
                ("zip_code", models.CharField(max_length=10)),
                ("carrier_route", models.CharField(blank=True, max_length=4)),
                ("employer", models.CharField(blank=True, max_length=60)),
                ("home_phone", models.CharField(blank=True, max_length=20)),
                ("work_phone", models.CharField(blank=True, max_length=20)),
                ("customer_type", models.CharField(blank=True, help_text="code", max_length=12)),
                ("ssn", models.BinaryField(help_text="sealed; never plain", null=True)),
                ("ssn_index", models.BinaryField(help_text="blind index", null=True)),
                ("ssn_last4", models.CharField(blank=True, max_length=4)),
                ("licence", models.BinaryField(help_text="driver licence, sealed; never plain", null=True)),
                ("licence_index", models.BinaryField(help_text="blind index", null=True)),
                ("licence_last4", models.CharField(blank=True, max_length=4)),
                ("customer", core.tenancy.fields.Ref(null=True, related_name="+", to="customers.customer")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("reverts", models.BooleanField(default=False)),
                ("agreed_on", models.DateField(help_text="the day of the agreement", null=True)),
                ("location", core.tenancy.fields.Ref(related_name="+", to="meters.location")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("landlord", core.tenancy.fields.Ref(related_name="+", to="customers.landlord")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManagementCompany",
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
                ("number", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=80)),
                ("line_1", models.CharField(max_length=60)),
                ("line_2", models.CharField(blank=True, max_length=60)),
                ("city", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=3)),
                ("zip_code", models.CharField(max_length=10)),
                ("carrier_route", models.CharField(blank=True, max_length=4)),
                ("work_phone", models.CharField(blank=True, max_length=20)),
                ("emergency_phone", models.CharField(blank=True, max_length=20)),
                ("fax", models.CharField(blank=True, max_length=20)),
                (
                    "federal_tax_id",
                    models.BinaryField(help_text="sealed; may be a person's own number", null=True),
                ),
                ("federal_tax_id_last4", models.CharField(blank=True, max_length=4)),
                ("state_tax_id", models.CharField(blank=True, max_length=20)),
                ("privilege_licence", models.CharField(blank=True, max_length=20)),
                ("real_estate_licence", models.CharField(blank=True, max_length=20)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddField(
            model_name="landlord",
            name="company",
            field=core.tenancy.fields.Ref(null=True, related_name="+", to="customers.managementcompany"),
        ),
        migrations.CreateModel(
            name="MoveIn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("services", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Taken over"), ("withdrawn", "Withdrawn")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True, help_text="why it did not take over on its day", max_length=300
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                (
                    "after",
                    core.tenancy.fields.Ref(
                        help_text="the account that was there",
                        null=True,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=2000)),
                ("pinned", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(help_text="operator:3 …", max_length=80)),
                ("unpinned_at", models.DateTimeField(null=True)),
                ("unpinned_by", models.CharField(blank=True, max_length=80)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("returned", "Returned payments"),
                            ("late_fee", "Late fees"),
                            ("cut_off", "Times on the cut-off list"),
                        ],
                        max_length=10,
                    ),
                ),
                ("count", models.IntegerField(default=0)),
                ("last_on", models.DateField(null=True)),
                ("cleared_on", models.DateField(help_text="when it last went back to none", null=True)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="AlternateAddress",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, help_text="empty: the customer's", max_length=80)),
                ("line_1", models.CharField(max_length=60)),
                ("line_2", models.CharField(blank=True, max_length=60)),
                ("city", models.CharField(max_length=40)),
                ("state", models.CharField(blank=True, max_length=3)),
                ("zip_code", models.CharField(blank=True, max_length=10)),
                ("country", models.CharField(default="US", max_length=2)),
                ("postal_code", models.CharField(blank=True, help_text="abroad", max_length=16)),
                ("carrier_route", models.CharField(blank=True, max_length=4)),
                ("account", core.tenancy.fields.Ref(lookup=False, related_name="+", to="customers.account")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "account"), name="one_alternate_address")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="managementcompany",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="company_number_once"),
        ),
        migrations.AddConstraint(
            model_name="landlord",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="landlord_number_once"),
        ),
        migrations.AddConstraint(
            model_name="movein",
            constraint=models.UniqueConstraint(fields=("tenant", "account"), name="one_move_in_an_account"),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(fields=("tenant", "account", "kind"), name="standing_once"),
        ),
        TenantTable("guarantor", tracked=True),
        TenantTable("managementcompany", tracked=True, unseen=("federal_tax_id",)),
        TenantTable("landlord", tracked=True, unseen=("ssn", "ssn_index", "licence", "licence_index")),
        TenantTable("holding", tracked=True),
        TenantTable("alternateaddress", tracked=True),
        TenantTable("note", update=("pinned", "unpinned_at", "unpinned_by")),
        TenantTable("movein", tracked=True),
        TenantTable("standing", tracked=True),
        migrations.RunSQL(
            [
                "ALTER TABLE customers_customer ADD CONSTRAINT customers_customer_guarantor_id_ref"
                " FOREIGN KEY (tenant_id, guarantor_id) REFERENCES customers_guarantor (tenant_id, id)",
                "CREATE INDEX customers_customer_guarantor_id_ix ON customers_customer (tenant_id, guarantor_id)",
                # The licence is sealed like the tax number: neither is kept when a change is.
                "DROP TRIGGER tracked ON customers_customer",
                "CREATE TRIGGER tracked AFTER DELETE OR UPDATE ON customers_customer FOR EACH ROW"
                " EXECUTE FUNCTION core.track_change('ssn', 'ssn_index', 'licence', 'licence_index')",
                "ALTER TABLE customers_holding ADD CONSTRAINT one_landlord_a_location EXCLUDE USING gist"
                " (int8range(location_id, location_id, '[]') WITH &&, daterange(starts, ends) WITH &&)",
            ]
        ),
    ]
