"""Values as the screens write them: amounts, days, moments, quantities.

Everything returned is safe markup; every value that goes in is escaped.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.money import show_amount
from core.quantities import UNITS
from core.ui.icons import ICONS
from core.ui.statuses import Look, look_of

NOTHING: SafeString = mark_safe('<span class="faint" aria-label="none">–</span>')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LENGTHS = ((86400, "day"), (3600, "hour"), (60, "minute"))
_SPRITE = "ui/icons.svg"


def sprite_url() -> str:
    """Where the icons are served; looked up late because its name carries a hash in production."""
    from django.templatetags.static import static

    return static(_SPRITE)


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon; without a label it is decoration and hidden from screen readers.

    Raises ``ValueError`` for a name that is not in the sprite.
    """
    if name not in ICONS:
        raise ValueError(f"No icon “{name}”. Add it to core/ui/icons.py and run scripts/vendor_assets.py.")
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "",
        said,
        sprite_url(),
        name,
    )


def day_text(day: date) -> str:
    """``Nov 22, 2026``: the month is a word, so no reader takes the day for the month."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def clock_text(moment: datetime) -> str:
    """``2:05 pm`` in the moment's own zone."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"


def moment_text(moment: datetime) -> str:
    """``Nov 22, 2026, 2:05 pm CST`` in the zone in force."""
    local = timezone.localtime(moment)
    return f"{day_text(local.date())}, {clock_text(local)} {local.tzname() or ''}".strip()


def ago_text(moment: datetime, now: datetime) -> str:
    """How long ago or ahead, in the largest unit that fits; beyond a week the day itself."""
    gap = now - moment
    ahead = gap < timedelta(0)
    seconds = int(abs(gap).total_seconds())
    if seconds < 45:
        return "in a moment" if ahead else "just now"
    size, word = next((s, w) for s, w in _LENGTHS if seconds >= s or s == 60)
    count = max(1, round(seconds / size))
    if size == 86400 and count > 7:
        return day_text(timezone.localtime(moment).date())
    length = f"{count} {word}{'' if count == 1 else 's'}"
    return f"in {length}" if ahead else f"{length} ago"


def amount(value: Decimal | None, strong: bool = False) -> SafeString:
    """An amount with two decimals; a credit has a minus and ``CR``."""
    if value is None:
        return NOTHING
    figures, _, mark = show_amount(Decimal(value)).partition(" ")
    classes = "amount" + (" amount-credit" if mark else "") + (" amount-strong" if strong else "")
    tail = format_html(' <span class="cr">{}</span>', mark) if mark else ""
    return format_html('<span class="{}">{}{}</span>', classes, figures, tail)


def day(value: date | None) -> SafeString:
    """A day, with its machine-readable form beside it."""
    if value is None:
        return NOTHING
    plain = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time class="nowrap" datetime="{}">{}</time>', plain.isoformat(), day_text(plain))


def moment(value: datetime | None, now: datetime | None = None) -> SafeString:
    """A moment: relative when the time now is given, with the exact one on hover."""
    if value is None:
        return NOTHING
    exact = moment_text(value)
    shown = ago_text(value, now) if now else exact
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>', value.isoformat(), exact, shown
    )


def figures(value: object) -> str:
    """A number with its thousands apart: ``12,345``, ``4.5``; ten is ``10`` however it is kept."""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def quantity(value: Decimal | None, unit: str = "") -> SafeString:
    """A quantity with its unit's words; the places are those the value carries."""
    if value is None:
        return NOTHING
    label = UNITS[unit].label if unit in UNITS else unit
    return format_html('<span class="nowrap">{} <span class="muted">{}</span></span>', figures(value), label)


def status_of(look: Look) -> SafeString:
    """A badge of a look: word, icon and colour."""
    return format_html('<span class="state tone-{}">{}{}</span>', look.tone, icon(look.icon), look.word)


def status(state: object) -> SafeString:
    """The badge of a state's code."""
    return status_of(look_of(state))
