"""All bills of an account, cancelled ones too, are found without reading through everybody's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_cancelled_run")]

    operations = [
        migrations.AddIndex(
            model_name="bill",
            index=models.Index(fields=["tenant", "account", "bill_on"], name="bill_by_account"),
        ),
    ]
