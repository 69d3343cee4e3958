"""Money as a column."""

from django.db import models


class AmountField(models.DecimalField):  # type: ignore[type-arg]  # generic only in the stubs
    """Money in the database's ``amount`` domain, which refuses NaN, infinities and parts of a cent."""

    def __init__(self, **kwargs: object) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = 14, 2
        super().__init__(**kwargs)  # type: ignore[arg-type]  # passed through

    def db_type(self, connection: object) -> str:
        """The domain's name: a plain numeric(14,2) would round in silence."""
        return "amount"
