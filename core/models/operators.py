"""People and partner systems that act, and what their roles allow them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from core.models.utilities import Utility
from core.tenancy.fields import TenantModel


class OperatorManager(BaseUserManager["Operator"]):
    """Makes operators; there is no superuser."""

    def create_user(self, login: str, password: str | None = None, **extra: Any) -> "Operator":
        """A new operator with a hashed password; without one, sign-in is not possible."""
        operator = self.model(login=login.strip().lower(), **extra)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator


class Operator(AbstractBaseUser):
    """A person who signs in.  Global: one person may work for several utilities."""

    id = models.BigAutoField(primary_key=True)
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    objects = OperatorManager()

    def __str__(self) -> str:
        return self.name or self.login


class Membership(models.Model):
    """An operator works for a utility in a role (``Role.code`` there)."""

    id = models.BigAutoField(primary_key=True)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="memberships")
    utility = models.ForeignKey(Utility, on_delete=models.PROTECT, related_name="memberships")
    role_code = models.CharField(max_length=40)
    account_of_their_own = models.BigIntegerField(
        null=True, help_text="An account linked to the operator: nobody works on it alone."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "utility"], name="one_membership_each"),
        ]


class Role(TenantModel):
    """What a role of one utility may do: a list of permission names."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="role_code_once")]

    def __str__(self) -> str:
        return self.name


class PartnerKeyIndex(models.Model):
    """Finds the utility of an API key by the key's hash, before any scope exists.  Global."""

    id = models.BigAutoField(primary_key=True)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, hexadecimal")
    utility = models.ForeignKey(Utility, on_delete=models.PROTECT, related_name="+")
    revoked = models.BooleanField(default=False)


class PartnerKey(TenantModel):
    """A partner system's key: who it is and what it may do.  The key itself is shown once and not kept."""

    id = models.BigAutoField(primary_key=True)
    prefix = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "prefix"], name="partner_prefix_once")]

    def __str__(self) -> str:
        return self.name
