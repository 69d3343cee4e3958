from django.db import migrations, models

import core.amounts
import core.tenancy.fields
from core.tenancy.guards import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("collections_app", "0004_receipts_by_day"),
        ("customers", "0003_office"),
        ("ledger", "0003_deposits"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepositTaken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", core.amounts.AmountField(decimal_places=2, max_digits=14)),
                ("account", core.tenancy.fields.Ref(related_name="+", to="customers.account")),
                ("deposit", core.tenancy.fields.Ref(related_name="+", to="ledger.deposit")),
                ("journal", core.tenancy.fields.Ref(related_name="+", to="ledger.journal")),
                ("receipt", core.tenancy.fields.Ref(related_name="+", to="collections_app.receipt")),
                ("tenant", core.tenancy.fields.UtilityKey()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="deposit_taken_above_zero"
                    ),
                    models.UniqueConstraint(fields=("tenant", "deposit"), name="deposit_taken_once"),
                ],
            },
        ),
        TenantTable("deposittaken", update=False),
    ]
