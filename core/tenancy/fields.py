"""The base of every table of a utility, and references between them."""

from typing import Any

from django.db import models

from core.tenancy.scope import current_utility_id


class TenantModel(models.Model):
    """A row that belongs to one utility.

    Django sees ``id`` as the key; in the database the key is ``(tenant_id, id)``, put there with the
    policy and the composite foreign keys by ``core.tenancy.guards.TenantTable`` in the migration.
    """

    tenant = models.ForeignKey(
        "core.Utility",
        on_delete=models.PROTECT,
        default=current_utility_id,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        abstract = True


class Ref(models.ForeignKey[Any, Any]):
    """A reference to a row of the same utility.

    The constraint ``(tenant_id, x_id) → (tenant_id, id)`` and its index are made by ``TenantTable``;
    nothing is ever deleted along a reference.  ``lookup=False`` leaves the index out, for references
    that nobody follows backwards.
    """

    def __init__(self, to: Any, *, lookup: bool = True, **kwargs: Any) -> None:
        self.lookup = lookup
        kwargs["on_delete"] = models.PROTECT
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        kwargs.setdefault("related_name", "+")
        super().__init__(to, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """As Django wants it, with the options that are always the same left out."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(fixed, None)
        if not self.lookup:
            kwargs["lookup"] = False
        return name, path, args, kwargs
