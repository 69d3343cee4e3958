from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0003_drawers_for_good"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["tenant", "on"], name="receipt_by_day"),
        ),
    ]
