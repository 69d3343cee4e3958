from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="alternate_payer",
            field=models.CharField(
                blank=True, db_default="", help_text="who else pays: a bank, a parent", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="pays_by_draft",
            field=models.BooleanField(
                db_default=False, default=False, help_text="its bills are printed apart"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="carrier_route",
            field=models.CharField(
                blank=True, db_default="", help_text="of the post: C001, R012 …", max_length=4
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="came_billed_to",
            field=models.DateField(null=True),
        ),
    ]
