from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("operator", models.CharField(max_length=80)),
                ("code", models.CharField(max_length=60)),
                ("is_live", models.BooleanField(default=True)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "operator", "code"), name="favourite_report_once"
                    )
                ],
            },
        ),
        TenantTable("favourite", update=("is_live",)),
    ]
