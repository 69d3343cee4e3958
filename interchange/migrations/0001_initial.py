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
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("feed", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("scanned", "Scanned"),
                            ("refused", "Refused"),
                            ("approved", "Approved"),
                            ("applied", "Applied"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("received_by", models.CharField(max_length=80)),
                ("received_by_name", models.CharField(max_length=80)),
                ("scanned_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("approved_by_name", models.CharField(blank=True, max_length=80)),
                (
                    "single_operator",
                    models.BooleanField(default=False, help_text="approved by the one who received it"),
                ),
                ("applied_at", models.DateTimeField(null=True)),
                ("ready", models.IntegerField(default=0, help_text="rows to apply, nothing to remark")),
                ("warnings", models.IntegerField(default=0, help_text="rows to apply that deserve a look")),
                ("errors", models.IntegerField(default=0, help_text="rows that will not be applied")),
                ("skipped", models.IntegerField(default=0, help_text="rows that are there already")),
                ("applied", models.IntegerField(default=0)),
                (
                    "fingerprint",
                    models.CharField(blank=True, help_text="of the staged rows, as approved", max_length=64),
                ),
                ("faults", models.JSONField(default=list, help_text="faults of the file as a whole")),
                ("file", core.tenancy.fields.Ref(lookup=False, related_name="+", to="core.storedfile")),
                ("job", core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job")),
                (
                    "rejects",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.storedfile"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.IntegerField()),
                (
                    "state",
                    models.CharField(help_text="ready, warning, error, skipped, applied", max_length=10),
                ),
                ("values", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=list)),
                ("raw", models.TextField(blank=True)),
                (
                    "import_file",
                    core.tenancy.fields.Ref(lookup=False, related_name="+", to="interchange.importfile"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cancelled", "refused"]), _negated=True),
                fields=("tenant", "feed", "sha256"),
                name="same_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("tenant", "import_file", "line"), name="staged_once"),
        ),
        TenantTable("importfile"),
        TenantTable("importrow", delete=True),
    ]
