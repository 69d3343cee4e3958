"""What a what-if's packet holds, gathered for the press."""

from datetime import date
from typing import Any

from billing.documents.what_if_packet import Packet, SampleBill
from billing.what_if import telling
from billing.what_if.bands import Band
from billing.what_if.clauses import clauses_of
from billing.what_if.queries import figures_of, samples
from billing.what_if.questions import question_of
from billing.what_if.side_by_side import sides
from billing.what_if.sums import Figures, Sum
from billing.what_if_models import WhatIf, WhatIfBill
from core.errors import Conflict
from core.ui.charts import Palette, figure
from core.ui.words import day_text

_WIDE, _HALF = (500, 150), (500, 140)


def packet_of(what_if: WhatIf, today: date) -> Packet:
    """Everything that is printed of it; raises ``Conflict`` until all bills are worked out."""
    figures = figures_of(what_if)
    if figures is None:
        raise Conflict(
            "Its bills are still being worked out.", "Wait until the job is done, or let it go on."
        )
    palette = Palette()
    return Packet(
        name=what_if.name,
        note=what_if.note,
        basis=what_if.basis_text,
        made=day_text(today),
        tables=clauses_of(what_if),
        whole=telling.Told("All bills", figures.whole),
        same=figures.whole.same,
        untouched=figures.untouched,
        unpriced=[(r.replace("_", " "), s.bills, s.old) for r, s in sorted(figures.unpriced.items())],
        groups=[
            ("Service", telling.by_service(figures)),
            ("Class", telling.by_class(figures)),
            (telling.use_heading(figures), [told for _, told in telling.by_use(figures)]),
            ("Rate", telling.by_rate(figures) if len(figures.rates) > 1 else []),
        ],
        change_chart=telling.change_picture(figures, palette, _WIDE),
        class_chart=telling.class_picture(figures, palette, _HALF),
        use_chart=telling.use_picture(figures, palette, _HALF),
        samples=_samples(what_if, figures),
    )


def _samples(what_if: WhatIf, figures: Figures) -> list[SampleBill]:
    """The middle bill of each band, in the order of use."""
    bands = telling.main_bands(figures)
    used = [band for band in bands if band.high != 0]
    if not used:
        return []
    found = samples(what_if.id, used[0].unit, [band.low for band in used])
    question = question_of(what_if)
    none = [band for band in bands if band.high == 0]
    in_order: list[tuple[int, Band]] = [*((-1, band) for band in none), *enumerate(used)]
    return [_sample(question, band, found[place]) for place, band in in_order if place in found]


def _sample(question: Any, band: Band, row: WhatIfBill) -> SampleBill:
    facts = row.bill.prepared.facts
    size = next((s[9] for s in facts[8] if s[9]), "")
    use = "no use" if not row.use else f"{figure(row.use.normalize())} {telling.unit_name(row.unit)}"
    about = ", ".join(filter(None, (telling.class_name(row.category), size and f"{size} in meter", use)))
    one = Sum()
    assert row.new is not None
    one.add(row.old, row.new)
    told = telling.Told("", one)
    return SampleBill(
        telling.band_words(band), about, row.old, row.new, told.change, told.percent,
        tuple(sides(question, row)),
    )  # fmt: skip
