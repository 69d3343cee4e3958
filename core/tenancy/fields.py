"""The base of every table of a utility, and references between them."""

from typing import Any

from django.db import models

from core.tenancy.current import current_utility_id


class UtilityKey(models.ForeignKey[Any, Any]):
    """The column ``tenant_id``, filled on saving with the utility in scope."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "core.Utility",
            on_delete=models.PROTECT,
            related_name="+",
            editable=False,
            db_index=False,
            db_constraint=False,
        )

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Without options: they are always the same."""
        name, path, _, _ = super().deconstruct()
        return name, path, [], {}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The row's utility; raises ``NoScope`` when it has none and none is in scope."""
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, current_utility_id())
        return super().pre_save(model_instance, add)


class TenantModel(models.Model):
    """A row that belongs to one utility.

    Django sees ``id`` as the key; in the database the key is ``(tenant_id, id)``, put there with the
    policy and the composite foreign keys by ``core.tenancy.guards.TenantTable`` in the migration.
    """

    tenant = UtilityKey()

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
        return name, path, list(args), kwargs
