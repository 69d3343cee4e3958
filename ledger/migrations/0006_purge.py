from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.purge_guards import COLUMN, PURGE

_STATES = [
    ("waiting", "Waiting"),
    ("archiving", "Archiving"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("ledger", "0005_write_offs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("before", models.DateField(help_text="everything earlier than this day that may go")),
                ("on", models.DateField(help_text="proposed")),
                ("maker", models.CharField(max_length=80)),
                ("maker_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("state", models.CharField(choices=_STATES, default="waiting", max_length=10)),
                ("checker", models.CharField(blank=True, max_length=80)),
                ("checker_name", models.CharField(blank=True, max_length=80)),
                ("checked_at", models.DateTimeField(null=True)),
                ("checked_why", models.CharField(blank=True, help_text="why it was refused", max_length=200)),
                ("seen", models.JSONField(default=dict)),
                ("archive_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "rows_digest",
                    models.CharField(
                        blank=True, help_text="of the hashes of the archive's rows", max_length=64
                    ),
                ),
                ("totals_before", models.JSONField(null=True)),
                ("totals_after", models.JSONField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "archive",
                    core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.storedfile"),
                ),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("state__in", ("waiting", "archiving"))),
                            models.Q(
                                ("archive__isnull", False),
                                ("checked_at__isnull", False),
                                ("done_at__isnull", False),
                                ("state", "done"),
                            ),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("done_at", None),
                                ("state__in", ("refused", "withdrawn")),
                            ),
                            _connector="OR",
                        ),
                        name="purge_done_once_checked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "archiving"))),
                        fields=("tenant",),
                        name="purge_waits_once",
                    ),
                ],
            },
        ),
        TenantTable(
            "purge",
            update=(
                *("state", "checker", "checker_name", "checked_at", "checked_why"),
                *("archive_id", "archive_sha256", "rows_digest"),
            ),
            tracked=True,
        ),
        migrations.AddField(
            model_name="journal",
            name="purge",
            field=core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="ledger.purge"),
        ),
        migrations.RunSQL(COLUMN),
        migrations.RunSQL(PURGE),
    ]
