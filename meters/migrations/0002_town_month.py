from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meters", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="location",
            name="parcel",
            field=models.CharField(
                blank=True, db_default="", help_text="property identification number (PIN)", max_length=30
            ),
        ),
    ]
