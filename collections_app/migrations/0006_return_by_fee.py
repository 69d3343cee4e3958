from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0005_deposits_taken"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="paymentreturn",
            index=models.Index(
                fields=["tenant", "fee"],
                condition=models.Q(fee__isnull=False),
                name="return_by_fee",
            ),
        ),
    ]
