"""Who answers for accounts, and who vouches for them."""

from uuid import uuid4

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from core.tenancy.fields import Ref, TenantModel


class Customer(TenantModel):
    """A person or organisation.  ``uuid`` binds what is sealed to its row; it never changes."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="at home")
    work_phone = models.CharField(max_length=20, blank=True, db_default="")
    employer = models.CharField(max_length=60, blank=True, db_default="")
    mail_line_1 = models.CharField(max_length=60)
    mail_line_2 = models.CharField(max_length=60, blank=True)
    mail_city = models.CharField(max_length=40)
    mail_state = models.CharField(max_length=3)
    mail_zip = models.CharField(max_length=10)
    mail_country = models.CharField(max_length=2, default="US")
    mail_postal_code = models.CharField(
        max_length=16, blank=True, db_default="", help_text="where there is no ZIP: abroad"
    )
    delivery_point = models.CharField(max_length=2, blank=True, help_text="for the postal bar code")
    carrier_route = models.CharField(
        max_length=4, blank=True, db_default="", help_text="of the post: C001, R012 …"
    )
    ssn = models.BinaryField(null=True, help_text="sealed by core.secrets; never plain")
    ssn_index = models.BinaryField(null=True, help_text="blind index")
    ssn_last4 = models.CharField(max_length=4, blank=True)
    licence = models.BinaryField(null=True, help_text="driver licence, sealed; never plain")
    licence_index = models.BinaryField(null=True, help_text="blind index")
    licence_last4 = models.CharField(max_length=4, blank=True, db_default="")
    guarantor = Ref("Guarantor", null=True)

    def __str__(self) -> str:
        return self.name


class Guarantor(TenantModel):
    """Who vouches for a customer: a reference with an address."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    line_1 = models.CharField(max_length=60)
    line_2 = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=40)
    state = models.CharField(max_length=3)
    zip_code = models.CharField(max_length=10)
    phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name
