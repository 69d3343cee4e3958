"""Keys are asked for one kind at a time, so the kind stands before the token in their index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(fields=["tenant", "kind", "token", "ref"], name="search_by_key"),
        ),
        migrations.RemoveIndex(model_name="searchkey", name="search_by_token"),
    ]
