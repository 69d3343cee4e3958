from django.db import migrations, models


class Migration(migrations.Migration):
    """Who cancelled a run, when and why."""

    dependencies = [("billing", "0002_town_month")]

    operations = [
        migrations.AddField(
            "run", "cancelled_why", models.CharField(blank=True, db_default="", max_length=200)
        ),
        migrations.AddField(
            "run", "cancelled_by", models.CharField(blank=True, db_default="", max_length=80)
        ),
        migrations.AddField("run", "cancelled_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "runtotal",
            "state",
            models.CharField(help_text="of its prepared bills: ready, held or posted", max_length=10),
        ),
    ]
