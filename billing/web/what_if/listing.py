"""The list of what-ifs."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from billing.what_if.queries import state_of, what_ifs, whole_of
from billing.what_if_models import WhatIf, WhatIfTable
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.views import page


class WhatIfFilter(django_filters.FilterSet):
    """By words in the name or note, the bills taken, and a rate."""

    find = django_filters.CharFilter(label="Name or note", method="by_words")
    basis = django_filters.ChoiceFilter(
        label="Bills", choices=WhatIf.Basis.choices, empty_label="All what-ifs"
    )
    rate = django_filters.CharFilter(label="Rate", method="by_rate")

    class Meta:
        model = WhatIf
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[WhatIf], name: str, typed: str) -> QuerySet[WhatIf]:
        """Each word in the name or the note."""
        for word in typed.split():
            rows = rows.filter(Q(name__icontains=word) | Q(note__icontains=word))
        return rows

    def by_rate(self, rows: QuerySet[WhatIf], name: str, typed: str) -> QuerySet[WhatIf]:
        """Those that ask about a rate code."""
        asked = WhatIfTable.objects.filter(table__code__iexact=typed.strip())
        return rows.filter(id__in=asked.values("what_if"))


def what_if_url(row: WhatIf) -> str:
    """The page of a what-if."""
    return reverse("what_if:what_if", args=[row.id])


def _percent(row: WhatIf) -> Decimal | None:
    whole = whole_of(row)
    return None if whole is None or whole.percent is None else whole.percent.quantize(Decimal("0.01"))


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may("rates.what_if")  # type: ignore[attr-defined]  # set by @page
    verbs = [Verb("Compare two", reverse("what_if:compare"), "scale", "c")]
    if may:
        verbs.append(Verb("Ask what if", reverse("what_if:new"), "plus", "n", main=True))
    return verbs


def _whole(row: WhatIf, name: str) -> Any:
    whole = whole_of(row)
    return None if whole is None else getattr(whole, name)


WHAT_IFS = ListPage(
    name="what-ifs",
    title="What if",
    about="Posted bills worked out under other rate tables: what every customer would have paid."
    " No bill is changed.",
    noun="what-ifs",
    columns=(
        Column("name", "Name", sort="name", href=what_if_url),
        Column("rates", "Rates", lambda row: ", ".join(row.codes)),
        Column("bills_of", "Bills taken", "basis_text", sort="basis_text"),
        Column("bills", "Bills", kind="number", sort="bills"),
        Column("old", "Billed", lambda row: _whole(row, "old"), kind="amount"),
        Column("new", "Would be", lambda row: _whole(row, "new"), kind="amount"),
        Column("change", "Difference", lambda row: _whole(row, "change"), kind="number"),
        Column("percent", "Per cent", _percent, kind="number"),
        Column("higher", "Pay more", lambda row: _whole(row, "higher"), kind="number", chosen=False),
        Column("lower", "Pay less", lambda row: _whole(row, "lower"), kind="number", chosen=False),
        Column("made_at", "Asked", kind="moment", sort="made_at"),
        Column("note", "Note", sort="note", chosen=False),
        Column("state", "State", state_of, kind="status"),
    ),
    rows=lambda request: what_ifs(),
    filters=WhatIfFilter,
    opens=what_if_url,
    order="-made_at",
    verbs=_verbs,
    empty=Empty(
        "No what-if yet",
        "Ask what last month’s bills would have been under a draft, or with all prices four per cent higher.",
        "scale",
        Verb("Ask what if", "/rates/what-if/new/", "plus", "n"),
    ),
)

what_if_list = page("bills.view")(list_view(WHAT_IFS))
