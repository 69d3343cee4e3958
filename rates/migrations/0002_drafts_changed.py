from django.db import migrations, models

from rates.version_guards import VERSION_STANDS


class Migration(migrations.Migration):
    dependencies = [
        ("rates", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "rateversion",
            "changed_by",
            models.TextField(blank=True, db_default="", default="", help_text="who else wrote on the draft"),
        ),
        migrations.RunSQL(VERSION_STANDS),
    ]
