"""What the API says of what-ifs."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from billing.what_if.operations import NewTable
from billing.what_if.queries import figures_of, state_of
from billing.what_if.sums import Sums
from billing.what_if_models import WhatIf, WhatIfBill
from core.api.fields import Day, Document, Id, Money, Quantity
from core.errors import Refused


class NewTableSerializer(serializers.Serializer[Any]):
    """What prices instead of a rate table: exactly one of a version of it, a content, and a per cent."""

    rate_id = Id()
    version_id = Id(required=False)
    content = Document(required=False)
    percent = serializers.DecimalField(max_digits=7, decimal_places=3, required=False)


class AskSerializer(serializers.Serializer[Any]):
    """A question over the latest bills, those of one run or those of a month (any day of it)."""

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    basis = serializers.ChoiceField(
        choices=[b for b in WhatIf.Basis.choices if b[0] != WhatIf.Basis.SINCE], default=WhatIf.Basis.LATEST
    )
    run_id = Id(required=False)
    month = Day(required=False)
    tables = NewTableSerializer(many=True)


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """The body as the operation takes it; a run or a month that the basis would pass over is refused."""
    for field, basis in (("run_id", WhatIf.Basis.RUN), ("month", WhatIf.Basis.MONTH)):
        if given.get(field) is not None and given["basis"] != basis:
            raise Refused(
                f"Bills are chosen by {field} with the basis “{basis}” only.",
                "Write that basis, or leave it out.",
                field=field,
            )
    tables = [
        NewTable(one["rate_id"], one.get("version_id"), one.get("content"), one.get("percent"))
        for one in given["tables"]
    ]
    return {
        "name": given["name"],
        "note_text": given["note"],
        "basis": given["basis"],
        "run_id": given.get("run_id"),
        "month": given.get("month"),
        "tables": tables,
    }


class NameSerializer(serializers.Serializer[Any]):
    """Another name and note."""

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


class SumSerializer(serializers.Serializer[Any]):
    """Bills of one group: what they came to, what they would come to, and how many pay more and less."""

    name = serializers.CharField()
    bills = serializers.IntegerField()
    old = Money()
    new = Money()
    change = Money()
    higher = serializers.IntegerField()
    lower = serializers.IntegerField()


class FiguresSerializer(serializers.Serializer[Any]):
    """All bills together and by group; those that cannot be priced stand apart, by reason."""

    whole = SumSerializer()
    services = SumSerializer(many=True)
    classes = SumSerializer(many=True)
    rates = SumSerializer(many=True)
    unpriced = SumSerializer(many=True)
    untouched = serializers.IntegerField()
    held = serializers.IntegerField()


def _rows(sums: Sums) -> list[dict[str, Any]]:
    names = ("bills", "old", "new", "change", "higher", "lower")
    return [{"name": key, **{n: getattr(one, n) for n in names}} for key, one in sorted(sums.items())]


class WhatIfSerializer(serializers.ModelSerializer[WhatIf]):
    """A what-if.  ``state`` is that of its job until it is done; ``mark`` is what activation asks for."""

    state = serializers.SerializerMethodField()
    rates = serializers.ListField(source="codes", child=serializers.CharField(), read_only=True)
    version_id = serializers.IntegerField(allow_null=True, read_only=True)
    job_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = WhatIf
        fields = (
            "id", "name", "note", "basis", "basis_text", "rates", "bills", "version_id", "mark", "state",
            "job_id", "made_by", "made_at",
        )  # fmt: skip

    def get_state(self, what_if: WhatIf) -> str:
        """Of its job; done; or applied, once its version was put in force."""
        return state_of(what_if)


class WhatIfDetailSerializer(WhatIfSerializer):
    """A what-if with its figures, null until all bills are worked out."""

    figures = serializers.SerializerMethodField()

    class Meta:
        model = WhatIf
        fields = (*WhatIfSerializer.Meta.fields, "figures")

    def get_figures(self, what_if: WhatIf) -> dict[str, Any] | None:
        """The totals."""
        found = figures_of(what_if)
        if found is None:
            return None
        groups = {n: _rows(getattr(found, n)) for n in ("services", "classes", "rates", "unpriced")}
        whole = _rows({"all": found.whole})[0]
        shown = {"whole": whole, **groups, "untouched": found.untouched, "held": found.held}
        return dict(FiguresSerializer(shown).data)


class WhatIfBillSerializer(serializers.ModelSerializer[WhatIfBill]):
    """A bill under the new tables; ``new`` and ``change`` are null when they cannot price it."""

    bill_id = serializers.IntegerField(read_only=True)
    bill = serializers.IntegerField(source="bill.number", read_only=True)
    account = serializers.CharField(source="bill.account.number", read_only=True)
    customer = serializers.CharField(source="bill.account.customer.name", read_only=True)
    use = serializers.SerializerMethodField()
    old = Money()
    new = serializers.SerializerMethodField()
    change = serializers.SerializerMethodField()

    class Meta:
        model = WhatIfBill
        fields = (
            "bill_id", "bill", "account", "customer", "category", "rate_code", "use", "unit", "old", "new",
            "change", "touched", "reason", "detail",
        )  # fmt: skip

    def get_use(self, row: WhatIfBill) -> str | None:
        """The use, exact."""
        return None if row.use is None else Quantity().to_representation(row.use)

    def get_new(self, row: WhatIfBill) -> str | None:
        """Dollars."""
        return _dollars(row.new)

    def get_change(self, row: WhatIfBill) -> str | None:
        """Dollars more, below zero less."""
        return _dollars(row.change)


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else Money().to_representation(amount)
