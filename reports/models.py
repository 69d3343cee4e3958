"""What operators keep of the catalogue."""

from django.db import models

from core.tenancy.fields import TenantModel


class Favourite(TenantModel):
    """A report that an operator wants at the top of their catalogue."""

    id = models.BigAutoField(primary_key=True)
    operator = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "operator", "code"], name="favourite_report_once")
        ]
