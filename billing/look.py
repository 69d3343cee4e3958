"""The logo and colours of a utility's documents: set by the newest row, hostile until proved otherwise."""

import io
from typing import NamedTuple

from PIL import Image, ImageOps

from billing.models import BillLook
from core.actors import Actor
from core.errors import Refused
from core.operations import operation, under_way
from core.ui.colours import channels, contrast, readable
from core.vault import fetch, keep

MOST_BYTES = 2_000_000
MOST_POINTS = 25_000_000  # width × height: a small file may unfold to much more than it weighs
KEPT_POINTS = 600  # on the longer side; a logo is printed 0.6 inches high
SEEN = 3  # contrast of a bar to the paper, as WCAG asks of marks
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9"}
PLAIN = ("#1f5673", "#1f5673")


class Look(NamedTuple):
    """Colours as ``#rrggbb`` and the logo's PNG, if there is one."""

    colour: str
    accent: str
    logo: bytes | None


def look_now() -> Look:
    """What documents look like from now on; a plain blue without a logo while nobody has said."""
    row = BillLook.objects.order_by("-id").first()
    if row is None:
        return Look(*PLAIN, None)
    return Look(row.colour, row.accent, fetch(row.logo_id) if row.logo_id else None)


@operation("bills.look", permission="bills.look")
def set_look(
    by: Actor, *, colour: str, accent: str, logo: bytes | None = None, without_logo: bool = False
) -> int:
    """Set the colours, and a logo where one is given; returns the row's id.  Bills printed before stay.

    The logo may be a PNG or JPEG; it is decoded, made small and written anew, so that nothing but its
    picture is kept.  Without one the logo of before stays, unless ``without_logo``.  Raises ``Refused`` at
    the field for a colour that cannot be seen on paper and for a file that is no such picture.
    """
    _seen("colour", colour)
    _seen("accent", accent)
    before = BillLook.objects.order_by("-id").first()
    kept = before.logo_id if before is not None and not without_logo else None
    if logo is not None:
        kept = keep("logo.png", clean_logo(logo), "image/png", "logo")
    made = BillLook.objects.create(
        colour=colour.lower(), accent=accent.lower(), logo_id=kept, made_by=by.ref, made_at=under_way().at
    )
    return int(made.id)


def _seen(field: str, colour: str) -> None:
    try:
        channels(colour)
    except ValueError as problem:
        raise Refused(str(problem), field=field) from problem
    if contrast(colour, "#ffffff") < SEEN:
        raise Refused(
            f"{colour} can hardly be seen on paper.",
            f"Take a darker one, such as {readable(colour)}.",
            field=field,
        )


def clean_logo(content: bytes) -> bytes:
    """The picture of an uploaded file as a small PNG without anything else the file carried.

    Raises ``Refused`` for what is no PNG or JPEG, is damaged, or is larger than a logo needs to be.
    """
    if len(content) > MOST_BYTES:
        raise _no_logo(f"The file has {len(content):,} bytes; {MOST_BYTES:,} are enough for a logo.")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MOST_POINTS:
                raise _no_logo(f"The picture has {opened.width:,} × {opened.height:,} points.")
            # Printing has the decoder fill up what is cut short (a setting of the whole process).
            if _ENDS[str(opened.format)] not in content:
                raise _no_logo("The picture is cut short.")
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert("RGBA")
    except Refused:
        raise
    except Exception as problem:  # whatever a decoder may raise at a hostile file
        raise _no_logo("The file is not a PNG or JPEG picture that can be read.") from problem
    picture.thumbnail((KEPT_POINTS, KEPT_POINTS))
    bare = Image.new("RGBA", picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def _no_logo(problem: str) -> Refused:
    return Refused(problem, "Bring a PNG or JPEG of at most a few hundred points a side.", field="logo")
