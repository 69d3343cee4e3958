from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable
from ledger.history_guards import HISTORY


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_codes"),
        ("ledger", "0003_deposits"),
    ]

    operations = [
        migrations.AddField(model_name="creditleft", name="to_history", field=models.DateField(null=True)),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_history", None), ("open", 0), _connector="OR"),
                name="open_item_not_in_history",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditleft",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_history", None), ("open", 0), _connector="OR"),
                name="credit_left_not_in_history",
            ),
        ),
        migrations.CreateModel(
            name="HistoryMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("before", models.DateField(help_text="everything completed earlier than this day")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looking", "Being counted"),
                            ("looked", "Counted"),
                            ("moving", "Moving"),
                            ("done", "Done"),
                        ],
                        max_length=10,
                    ),
                ),
                ("maker", models.CharField(max_length=80)),
                ("maker_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("seen", models.JSONField(default=list)),
                ("moved", models.JSONField(default=list)),
                ("moved_on", models.DateField(null=True)),
                ("job", core.tenancy.fields.Ref(lookup=False, null=True, related_name="+", to="core.job")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moved_on__isnull", False), ("state", "done")),
                            models.Q(("moved_on", None), ("state__in", ("looking", "looked"))),
                            models.Q(("moved_on__isnull", False), ("state", "moving")),
                            _connector="OR",
                        ),
                        name="history_move_has_its_day",
                    )
                ],
            },
        ),
        TenantTable("historymove", update=("state", "job_id", "seen", "moved", "moved_on"), tracked=True),
        migrations.RunSQL(HISTORY),
    ]
