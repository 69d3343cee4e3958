from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable

SERVICES = [
    ("water", "Water"),
    ("sewer", "Sewer"),
    ("electric", "Electric"),
    ("gas", "Gas"),
    ("refuse", "Refuse"),
    ("drainage", "Drainage"),
    ("light", "Street light"),
    ("irrigation", "Irrigation"),
]
SOURCES = [
    ("A", "Actual"),
    ("E", "Estimated"),
    ("C", "Read by customer"),
    ("I", "Start of meter"),
    ("F", "Final"),
    ("R", "Remote"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("rates", "0001_initial"),
        ("meters", "0003_office"),
    ]

    operations = [
        migrations.CreateModel(
            name="UseRange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("service_type", models.CharField(choices=SERVICES, max_length=20)),
                ("unit", models.CharField(help_text="core.quantities code", max_length=8)),
                ("low", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ("high", models.DecimalField(decimal_places=3, max_digits=14, null=True)),
                ("rate", core.tenancy.fields.Ref(null=True, related_name="+", to="rates.ratetable")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("rate__isnull", False)),
                        fields=("tenant", "rate", "unit"),
                        name="range_of_rate_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("rate__isnull", True)),
                        fields=("tenant", "service_type", "unit"),
                        name="range_of_service_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldReading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("on", models.DateField()),
                ("dial", models.DecimalField(decimal_places=3, max_digits=14)),
                ("source", models.CharField(choices=SOURCES, max_length=1)),
                ("rolled_over", models.BooleanField(null=True)),
                ("remarks", models.JSONField(default=list)),
                ("came_from", models.CharField(max_length=60)),
                ("came_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("taken", "Taken"), ("dropped", "Dropped")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "reading",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="meters.reading"),
                ),
                ("register", core.tenancy.fields.Ref(related_name="+", to="meters.register")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("tenant", "register", "on"),
                        name="held_once_a_day",
                    )
                ],
            },
        ),
        TenantTable("userange", tracked=True),
        TenantTable("heldreading", tracked=True),
    ]
