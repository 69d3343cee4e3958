from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24)),
                ("serial", models.CharField(blank=True, max_length=30)),
                (
                    "size",
                    models.CharField(help_text="as rate tables name it: 5/8, 3/4, 1, 1 1/2 …", max_length=10),
                ),
                ("brand", models.CharField(blank=True, max_length=30)),
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
                ("endpoint", models.CharField(blank=True, max_length=20)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "code",
                    models.CharField(
                        blank=True, help_text="blank, L (low side) or H (high side)", max_length=1
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        help_text="core.quantities code of one dial step × multiplier", max_length=8
                    ),
                ),
                (
                    "dials",
                    models.SmallIntegerField(
                        default=6, help_text="digits that turn; the dial limit is 10**dials"
                    ),
                ),
                ("multiplier", models.DecimalField(decimal_places=4, default=1, max_digits=12)),
                ("may_run_backwards", models.BooleanField(default=False)),
                ("meter", core.tenancy.fields.Ref(related_name="+", to="meters.meter")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                (
                    "dial",
                    models.DecimalField(
                        decimal_places=3, help_text="as shown, before the multiplier", max_digits=14
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("A", "Actual"),
                            ("E", "Estimated"),
                            ("C", "Read by customer"),
                            ("I", "Start of meter"),
                            ("F", "Final"),
                            ("R", "Remote"),
                        ],
                        default="A",
                        max_length=1,
                    ),
                ),
                ("is_live", models.BooleanField(default=True)),
                (
                    "came_from",
                    models.CharField(blank=True, help_text="import:12, operator:3 …", max_length=60),
                ),
                ("rolled_over", models.BooleanField(default=False)),
                (
                    "replaces",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="meters.reading"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("register", core.tenancy.fields.Ref(lookup=False, related_name="+", to="meters.register")),
            ],
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("sequence", models.IntegerField(help_text="place on the route")),
                ("street_number", models.CharField(max_length=10)),
                ("street_name", models.CharField(max_length=40)),
                ("unit_label", models.CharField(blank=True, max_length=15)),
                ("city", models.CharField(max_length=30)),
                ("state", models.CharField(max_length=2)),
                ("zip_code", models.CharField(max_length=10)),
                ("zone", models.CharField(blank=True, max_length=12)),
                ("in_limits", models.BooleanField(default=True, help_text="inside the corporate limits")),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("route", core.tenancy.fields.Ref(related_name="+", to="meters.route")),
            ],
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
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
                ("location", core.tenancy.fields.Ref(related_name="+", to="meters.location")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("tenant", core.tenancy.fields.UtilityKey()),
                ("meter", core.tenancy.fields.Ref(related_name="+", to="meters.meter")),
                ("service_point", core.tenancy.fields.Ref(related_name="+", to="meters.servicepoint")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="meter",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="meter_number_once"),
        ),
        migrations.AddConstraint(
            model_name="register",
            constraint=models.UniqueConstraint(fields=("tenant", "meter", "code"), name="register_once"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_live", True)),
                fields=("tenant", "register", "on"),
                name="one_live_reading_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="route_code_once"),
        ),
        migrations.AddIndex(
            model_name="location",
            index=models.Index(fields=["tenant", "route", "sequence"], name="location_in_order"),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="location_code_once"),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.UniqueConstraint(fields=("tenant", "location", "code"), name="point_code_once"),
        ),
        TenantTable("route", tracked=True),
        TenantTable("location", tracked=True),
        TenantTable("servicepoint", tracked=True),
        TenantTable("meter", tracked=True),
        TenantTable("register", tracked=True),
        TenantTable("installation", tracked=True),
        TenantTable("reading", update=("is_live",)),
        migrations.RunSQL(
            [
                "ALTER TABLE meters_installation ADD CONSTRAINT meter_in_one_place EXCLUDE USING gist (int8range(meter_id, meter_id, '[]') WITH &&, daterange(starts, ends) WITH &&)",
                "ALTER TABLE meters_installation ADD CONSTRAINT one_meter_a_point EXCLUDE USING gist (int8range(service_point_id, service_point_id, '[]') WITH &&, daterange(starts, ends) WITH &&)",
            ]
        ),
    ]
