from django.db import migrations, models

import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_search_by_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("is_live", models.BooleanField(default=True)),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "kind", "code"), name="code_once_a_kind")
                ],
            },
        ),
        TenantTable("code", tracked=True),
    ]
