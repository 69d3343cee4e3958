"""The logo and colours of bills: set on screen, hostile files refused, everything but the picture dropped."""

import io
import struct
import zlib
from collections.abc import Iterator

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, PngImagePlugin

from billing.documents.press import print_statements
from billing.look import MOST_POINTS, clean_logo, look_now, set_look
from billing.models import Bill, BillLook
from billing.statements import brand_of, statements_of
from core.errors import NotAllowed, Refused
from core.tenancy import scope
from tests.conftest import World
from tests.world.desk import send, text_of
from tests.world.towns import FIRST

GREEN = "#2f855a"
BLUE = "#1f4e79"


@pytest.fixture
def oak(live: World) -> Iterator[World]:
    """The world, in Oak's scope."""
    with scope(live.oak.utility.id):
        yield live


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), colour: str = "#c02020") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def noise() -> bytes:
    """A picture that does not fit into a few bytes."""
    out = io.BytesIO()
    Image.effect_noise((80, 80), 60).save(out, "PNG")
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is of that size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_written_anew_as_a_small_png(kind: str) -> None:
    with Image.open(io.BytesIO(clean_logo(picture(kind, (1800, 900))))) as kept:
        assert (kept.format, kept.size) == ("PNG", (600, 300))


def test_nothing_but_the_picture_is_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    out = io.BytesIO()
    Image.new("RGB", (10, 10), "#c02020").save(out, "PNG", pnginfo=notes)
    cleaned = clean_logo(out.getvalue() + b"%PDF-1.7 something else behind it")
    assert b"script" not in cleaned
    assert b"PDF" not in cleaned


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("GIF"),
        picture("BMP"),
        noise()[:900],
        claiming(100_000, 100_000),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000,
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "cut short", "vast when unfolded", "too many bytes"],
)
def test_what_is_no_ordinary_picture_is_refused_at_its_field(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        clean_logo(content)
    assert refused.value.field == "logo"


def test_a_picture_of_too_many_points_is_refused_before_it_is_unfolded() -> None:
    side = int(MOST_POINTS**0.5) + 1
    with pytest.raises(Refused, match="points"):
        clean_logo(claiming(side, side))


@pytest.mark.parametrize("colour", ["#ffffff", "#ffee88", "blue", "#12345", "#12345g"])
def test_a_colour_that_cannot_be_seen_or_is_none_is_refused(oak: World, colour: str) -> None:
    with pytest.raises(Refused) as refused:
        set_look(oak.oak.admin, colour=colour, accent=GREEN)
    assert refused.value.field == "colour"


def test_the_logo_stays_when_only_colours_change_until_it_is_taken_away(oak: World) -> None:
    set_look(oak.oak.admin, colour=BLUE, accent=GREEN, logo=picture())
    set_look(oak.oak.admin, colour=GREEN, accent=BLUE)
    with transaction.atomic():
        kept = look_now()
    assert (kept.colour, kept.accent, kept.logo is not None) == (GREEN, BLUE, True)
    set_look(oak.oak.admin, colour=GREEN, accent=BLUE, without_logo=True)
    with transaction.atomic():
        assert look_now().logo is None


@pytest.mark.req("BIL-06")
def test_bills_are_printed_with_the_logo_and_in_the_colours_of_the_utility(oak: World) -> None:
    set_look(oak.oak.admin, colour="#7a1fa2", accent=GREEN, logo=picture(colour="#c02020"))
    with transaction.atomic():
        bill = Bill.objects.get(number=1)
        printed = print_statements(statements_of([bill.id]), brand_of(oak.oak.utility, FIRST))
    page = pypdfium2.PdfDocument(printed.pdf)[0].render(scale=1).to_pil().convert("RGB")
    seen = {colour for _, colour in page.getcolors(1_000_000) or []}
    assert (0xC0, 0x20, 0x20) in seen
    assert (0x7A, 0x1F, 0xA2) in seen
    assert (0x2F, 0x85, 0x5A) in seen


def test_the_logo_is_embedded_once_for_all_bills_of_a_document(oak: World) -> None:
    set_look(oak.oak.admin, colour=BLUE, accent=GREEN, logo=picture(size=(300, 300)))
    with transaction.atomic():
        ids = list(Bill.objects.values_list("id", flat=True))
        printed = print_statements(statements_of(ids), brand_of(oak.oak.utility, FIRST))
    assert 1 <= printed.pdf.count(b"/Subtype /Image") <= 2  # the picture, and perhaps its mask


def test_only_who_may_changes_the_look(oak: World) -> None:
    with pytest.raises(NotAllowed):
        set_look(oak.oak.clerk, colour=BLUE, accent=GREEN)


@pytest.mark.req("BIL-06", "SYS-07")
def test_the_look_is_set_on_screen_and_shown_beside_the_form(live: World) -> None:
    admin = live.oak.client("admin")
    logo = SimpleUploadedFile("town.png", picture(), "image/png")
    assert send(admin, "/settings/bills/", colour=BLUE, accent=GREEN, logo=logo).status_code == 302
    drawn = admin.get(f"/settings/bills/picture.svg?colour={GREEN.replace('#', '%23')}").content
    assert GREEN.encode() in drawn
    assert b"data:image/png;base64," in drawn
    assert admin.get("/settings/bills/sample.pdf").content.startswith(b"%PDF")
    with scope(live.oak.utility.id), transaction.atomic():
        assert BillLook.objects.get().made_by == live.oak.admin.ref


def test_a_refused_logo_is_told_at_its_field_and_the_colours_typed_stay(live: World) -> None:
    logo = SimpleUploadedFile("town.png", b"no picture", "image/png")
    page = send(live.oak.client("admin"), "/settings/bills/", colour="#7a1fa2", accent=GREEN, logo=logo)
    assert "The file is not a PNG or JPEG picture that can be read." in text_of(page)
    assert 'value="#7a1fa2"' in page.content.decode()


def test_the_other_towns_bills_keep_their_own_look(live: World) -> None:
    with scope(live.oak.utility.id):
        set_look(live.oak.admin, colour="#7a1fa2", accent=GREEN, logo=picture())
    with scope(live.elm.utility.id), transaction.atomic():
        assert look_now().logo is None
