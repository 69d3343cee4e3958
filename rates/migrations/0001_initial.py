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
            name="RateTable",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("service_type", models.CharField(max_length=20)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="RateVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateField()),
                ("ends", models.DateField(null=True)),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("prepared_by", models.CharField(max_length=80)),
                ("activated_by", models.CharField(blank=True, max_length=80)),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="the ordinance or page it was taken from", max_length=300
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("table", core.tenancy.fields.Ref(related_name="+", to="rates.ratetable")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddConstraint(
            model_name="ratetable",
            constraint=models.UniqueConstraint(fields=("tenant", "code"), name="rate_code_once"),
        ),
        migrations.AddIndex(
            model_name="rateversion",
            index=models.Index(fields=["tenant", "content_hash"], name="rate_by_hash"),
        ),
        TenantTable("ratetable", tracked=True),
        TenantTable("rateversion", update=("ends", "state", "activated_by"), tracked=True),
        migrations.RunSQL(
            "ALTER TABLE rates_rateversion ADD CONSTRAINT versions_apart EXCLUDE USING gist (int8range(table_id, table_id, '[]') WITH &&, daterange(starts, ends) WITH &&) WHERE (state = 'active')"
        ),
    ]
