"""The town and the day of the gallery, and what stands on every page."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from django.utils.safestring import mark_safe

from core.ui.context import PLACES, ShownPlace

NOW = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Sample:
    """A page of the gallery."""

    name: str
    template: str
    path: str = "/"
    context: dict[str, Any] = field(default_factory=dict)


def shell(here: str, training: bool = False, signed_in: bool = True) -> dict[str, Any]:
    groups: dict[str, list[ShownPlace]] = {}
    waiting = {"Readings": 14, "Runs": 2, "Jobs": 1}
    for place in PLACES:
        groups.setdefault(place.group, []).append(
            ShownPlace(place, place.name == here, waiting.get(place.name))
        )
    name = "Millbrook Water & Sewer" + (" School" if training else "")
    return {
        "utility": Row(name=name, slug="millbrook", is_training=training),
        "operator": "Dana Whitfield" if signed_in else "",
        "drawer": Row(label="Drawer 2", url="/counter/") if signed_in else None,
        "groups": list(groups.items()),
        "search_url": "/search/",
        "sign_out_url": "/sign-out/",
        "password_url": "/password/",
        "two_step_url": "/two-step/",
        "now": NOW,
    }


def ago(**length: float) -> datetime:
    """A moment before the one the gallery is set in."""
    return NOW - timedelta(**length)


def chart() -> Any:
    from core.ui import charts

    use = [6.2, 5.8, 5.5, 5.9, 6.4, 7.8, 9.6, 11.2, 10.8, 8.1, 6.6, 6.0, 6.3]
    before = [6.0, 6.1, 5.4, 5.7, 6.8, 8.2, 9.0, 10.1, 10.0, 7.7, 6.9, 6.2, 6.1]
    labels = ("Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
    months = [
        charts.Month(label, Decimal(str(u)), current=i == 12, estimated=i == 3, before=Decimal(str(b)))
        for i, (label, u, b) in enumerate(zip(labels, use, before, strict=True))
    ]
    palette = charts.Palette(
        bar="var(--chart-bar)",
        current="var(--chart-now)",
        text="var(--ink-2)",
        grid="var(--line)",
        before="var(--chart-before)",
    )
    drawn = charts.use_chart(
        months,
        title="Water used, last 13 months",
        unit="thousand gallons",
        size=(640.0, 190.0),
        palette=palette,
        font_size=11.0,
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by core.ui.charts, which escapes
