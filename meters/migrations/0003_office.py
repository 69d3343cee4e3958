from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("meters", "0002_town_month"),
    ]

    operations = [
        migrations.AddField(
            model_name="location",
            name="latitude",
            field=models.DecimalField(decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="location",
            name="longitude",
            field=models.DecimalField(decimal_places=6, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="meter",
            name="cut_off",
            field=models.DateField(help_text="when it was last turned off", null=True),
        ),
        migrations.AddField(
            model_name="meter",
            name="cut_on",
            field=models.DateField(help_text="when the water was last turned on", null=True),
        ),
        migrations.AddField(
            model_name="meter",
            name="kind",
            field=models.CharField(blank=True, db_default="", help_text="type: a code", max_length=12),
        ),
        migrations.AddField(
            model_name="meter",
            name="master",
            field=core.tenancy.fields.Ref(
                help_text="the meter that this one's use flows through as well",
                null=True,
                related_name="+",
                to="meters.meter",
            ),
        ),
        migrations.AddField(
            model_name="meter",
            name="place_text",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="where it sits: front left, behind the garage",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="meter",
            name="style",
            field=models.CharField(blank=True, db_default="", max_length=30),
        ),
        migrations.AddField(
            model_name="reading",
            name="why",
            field=models.CharField(blank=True, db_default="", help_text="of a correction", max_length=200),
        ),
        migrations.AddField(
            model_name="register",
            name="dead_zeros",
            field=models.SmallIntegerField(
                db_default=0, default=0, help_text="fixed zeros painted behind the dials that turn; not read"
            ),
        ),
        migrations.CreateModel(
            name="Container",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("serial", models.CharField(max_length=30)),
                ("kind", models.CharField(help_text="code: garbage, recycle, yard …", max_length=12)),
                (
                    "owner",
                    models.CharField(
                        choices=[
                            ("own", "Customer’s own"),
                            ("rent", "Rented"),
                            ("municipal", "Municipality’s"),
                        ],
                        max_length=10,
                    ),
                ),
                ("received_on", models.DateField()),
                ("last_serviced_on", models.DateField(null=True)),
                ("service_count", models.IntegerField(default=0)),
                ("updated_on", models.DateField()),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Placing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sequence", models.IntegerField(null=True)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("container", core.tenancy.fields.Ref(related_name="+", to="meters.container")),
                ("location", core.tenancy.fields.Ref(related_name="+", to="meters.location")),
                ("route", core.tenancy.fields.Ref(null=True, related_name="+", to="meters.route")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorkOrder",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("connect", "Connect"),
                            ("disconnect", "Disconnect"),
                            ("reconnect", "Reconnect"),
                            ("meter_change", "Meter change"),
                            ("re_read", "Re-read"),
                            ("investigate", "Investigate"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("account_number", models.CharField(blank=True, max_length=20)),
                ("what", models.CharField(blank=True, max_length=300)),
                ("assigned_to", models.CharField(blank=True, max_length=60)),
                (
                    "outside_ref",
                    models.CharField(blank=True, help_text="its number in an outside system", max_length=40),
                ),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
                ("due_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("done_on", models.DateField(null=True)),
                ("findings", models.CharField(blank=True, max_length=500)),
                ("location", core.tenancy.fields.Ref(related_name="+", to="meters.location")),
                (
                    "meter",
                    core.tenancy.fields.Ref(
                        help_text="as it was when ordered", null=True, related_name="+", to="meters.meter"
                    ),
                ),
                (
                    "new_meter",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="meters.meter"),
                ),
                (
                    "reading",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="meters.reading"),
                ),
                (
                    "service_point",
                    core.tenancy.fields.Ref(null=True, related_name="+", to="meters.servicepoint"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="ConnectionFee",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("tap", "Tap fee"), ("impact", "Impact fee")], max_length=6),
                ),
                ("paid_on", models.DateField()),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("receipt", models.CharField(blank=True, max_length=20)),
                ("service_point", core.tenancy.fields.Ref(related_name="+", to="meters.servicepoint")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "service_point", "kind"), name="fee_of_a_kind_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="container",
            constraint=models.UniqueConstraint(fields=("tenant", "serial"), name="container_once"),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(fields=["tenant", "state", "due_on"], name="work_order_due"),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="work_order_number_once"),
        ),
        TenantTable("connectionfee", tracked=True),
        TenantTable("container", tracked=True),
        TenantTable("placing", update=("ends", "route_id", "sequence")),
        TenantTable("workorder", tracked=True),
        migrations.RunSQL(
            [
                "ALTER TABLE meters_meter ADD CONSTRAINT meters_meter_master_id_ref"
                " FOREIGN KEY (tenant_id, master_id) REFERENCES meters_meter (tenant_id, id)",
                "CREATE INDEX meters_meter_master_id_ix ON meters_meter (tenant_id, master_id)",
                "ALTER TABLE meters_placing ADD CONSTRAINT container_in_one_place EXCLUDE USING gist"
                " (int8range(container_id, container_id, '[]') WITH &&, daterange(starts, ends) WITH &&)",
            ]
        ),
    ]
