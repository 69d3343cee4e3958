"""Bar codes on bills, receipts and mail, each drawn as one SVG path.  Pure.

The bill's own code is ``A<account>*<cents>``: the letter tells a scan of a bill from any other scan
(a receipt is ``R<number>``), the star parts account from amount, and the amount is whole cents.
The symbol's own check character (Code 128, modulo 103) guards against a misread, so none is added.

Intelligent Mail and POSTNET measures are the middle of the tolerances in USPS-B-3200 and
Publication 25.  Lengths are PostScript points, 72 to the inch.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import segno
from barcode.codex import Code128
from reportlab.graphics.barcode.usps import POSTNET
from reportlab.graphics.barcode.usps4s import USPS_4State

INCH = 72.0
QUIET_MODULES = 10

_BILL_CODE = re.compile(r"^A(?P<account>[0-9A-Z-]{1,20})\*(?P<cents>\d{1,11})$")
_RECEIPT_CODE = re.compile(r"^R(?P<number>[0-9A-Z-]{1,20})$")


class BarcodeRefused(ValueError):
    """The content cannot be coded; the sentence says which part and what it should be."""


def bill_code(account_number: str, amount: Decimal) -> str:
    """The text of a bill's bar code.  A credit is coded as nothing to pay, never as a negative.

    Raises ``BarcodeRefused`` when the account number holds anything but digits, capitals and hyphens.
    """
    text = f"A{account_number}*{max(0, int(amount.scaleb(2)))}"
    if not _BILL_CODE.match(text):
        raise BarcodeRefused(
            f"Account number “{account_number}” cannot stand in a bar code: "
            "use 1 to 20 digits, capital letters or hyphens."
        )
    return text


def read_bill_code(text: str) -> tuple[str, int]:
    """Account number and cents of a scanned bill code; raises ``BarcodeRefused`` for any other scan."""
    found = _BILL_CODE.match(text.strip())
    if found is None:
        raise BarcodeRefused(
            "This is not the bar code of a bill. Scan the code on the stub, or type the account number."
        )
    return found["account"], int(found["cents"])


def receipt_code(number: str) -> str:
    """The text of a receipt's bar code; raises ``BarcodeRefused`` for a number that cannot be coded."""
    if not _RECEIPT_CODE.match(f"R{number}"):
        raise BarcodeRefused(
            f"Receipt number “{number}” cannot stand in a bar code: use digits, capitals, hyphens."
        )
    return f"R{number}"


def read_receipt_code(text: str) -> str:
    """The receipt number of a scanned receipt; raises ``BarcodeRefused`` for any other scan."""
    found = _RECEIPT_CODE.match(text.strip())
    if found is None:
        raise BarcodeRefused(
            "This is not the bar code of a receipt. Scan the code at the foot of the receipt."
        )
    return found["number"]


@dataclass(frozen=True, slots=True)
class IntelligentMail:
    """What an Intelligent Mail bar code carries (USPS-B-3200): 20 digits of tracking and the routing.

    ``mailer_id`` and ``serial`` have 6 and 9 digits, or 9 and 6; ``routing`` is a ZIP of 5, a ZIP+4 of 9, a
    delivery point of 11 digits, or empty.  Full service asks for a serial not used for 45 days.
    """

    mailer_id: str
    serial: str
    routing: str = ""
    barcode_id: str = "00"
    service_type: str = "300"

    def __post_init__(self) -> None:
        parts = self.mailer_id + self.serial + self.routing + self.barcode_id + self.service_type
        if not (parts.isascii() and parts.isdigit()):
            raise BarcodeRefused(
                "Every part of an Intelligent Mail bar code is digits alone, without hyphen or space."
            )
        if (len(self.mailer_id), len(self.serial)) not in {(6, 9), (9, 6)}:
            raise BarcodeRefused("Mailer id and serial number have 6 and 9 digits, or 9 and 6.")
        if len(self.routing) not in {0, 5, 9, 11}:
            raise BarcodeRefused(
                f"Routing code “{self.routing}” must have 5, 9 or 11 digits, or be left out."
            )
        if len(self.service_type) != 3:
            raise BarcodeRefused(f"Service type “{self.service_type}” must have 3 digits.")
        if len(self.barcode_id) != 2 or self.barcode_id[1] not in "01234":
            raise BarcodeRefused(
                f"Bar code id “{self.barcode_id}” must have 2 digits, the second from 0 to 4."
            )

    @property
    def tracking(self) -> str:
        """The 20 digits before the routing code."""
        return self.barcode_id + self.service_type + self.mailer_id + self.serial

    @property
    def bars(self) -> str:
        """The 65 bars: F full, A ascending, D descending, T tracking mark."""
        return str(USPS_4State(self.tracking, self.routing).barcodes)


@dataclass(frozen=True, slots=True)
class Postnet:
    """The older postal bar code: a ZIP of 5, ZIP+4 of 9 or delivery point of 11 digits."""

    zip_code: str

    def __post_init__(self) -> None:
        if not (self.zip_code.isascii() and self.zip_code.isdigit()) or len(self.zip_code) not in {5, 9, 11}:
            raise BarcodeRefused(f"“{self.zip_code}” is no ZIP for POSTNET: give 5, 9 or 11 digits.")

    @property
    def bars(self) -> str:
        """Tall bars as ``|`` and short ones as ``.``, with frame bars and check digit."""
        symbol = POSTNET(self.zip_code)
        symbol.validate()
        symbol.encode()
        return str(symbol.decompose())


def code128_svg(text: str, *, module: float = 0.9, height: float = 30.0, label: str = "") -> str:
    """A Code 128 symbol with its quiet zones; ``module`` is the narrowest bar in points.

    Raises ``BarcodeRefused`` for characters the symbology has not.
    """
    if not text or not all(" " <= c <= "~" for c in text):
        raise BarcodeRefused(f"“{text}” cannot be a bar code: use plain letters, digits and signs.")
    modules: str = Code128(text).build()[0]
    bars = (
        _bar((QUIET_MODULES + start) * module, 0, length * module, height) for start, length in _runs(modules)
    )
    width = (len(modules) + 2 * QUIET_MODULES) * module
    return _symbol(bars, width, height, label or f"Bar code {text}")


def mail_svg(piece: IntelligentMail | Postnet) -> str:
    """The postal bar code of a mail piece, at the size the Postal Service asks for."""
    if isinstance(piece, Postnet):
        return _postnet_svg(piece)
    pitch, bar, full, tracker = INCH / 22, 0.020 * INCH, 0.145 * INCH, 0.048 * INCH
    reach = (full - tracker) / 2
    tops = {"F": 0.0, "A": 0.0, "D": reach, "T": reach}
    feet = {"F": full, "A": full - reach, "D": full, "T": full - reach}
    states = piece.bars
    bars = (_bar(i * pitch, tops[s], bar, feet[s] - tops[s]) for i, s in enumerate(states))
    return _symbol(bars, (len(states) - 1) * pitch + bar, full, "Intelligent Mail bar code")


def _postnet_svg(piece: Postnet) -> str:
    pitch, bar, tall, short = INCH / 22, 0.020 * INCH, 0.125 * INCH, 0.050 * INCH
    states = piece.bars
    heights = [tall if s == "|" else short for s in states]
    bars = (_bar(i * pitch, tall - h, bar, h) for i, h in enumerate(heights))
    return _symbol(bars, (len(states) - 1) * pitch + bar, tall, "POSTNET bar code")


def qr_svg(text: str, *, size: float = 54.0, label: str = "") -> str:
    """A QR code (error correction M) of ``size`` points square, quiet zone of four modules included."""
    matrix = segno.make(text, error="m", micro=False).matrix
    module = size / (len(matrix) + 8)
    bars = (
        _bar((4 + start) * module, (4 + y) * module, length * module, module)
        for y, row in enumerate(matrix)
        for start, length in _runs("".join("1" if dark else "0" for dark in row))
    )
    return _symbol(bars, size, size, label or f"QR code for {text}")


def qr_png(text: str) -> bytes:
    """The same QR code as a picture, eight dots a module; drawn once, it serves a whole document."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=8, border=4)
    return target.getvalue()


def _runs(modules: str) -> Iterator[tuple[int, int]]:
    return ((run.start(), len(run.group())) for run in re.finditer("1+", modules))


def _bar(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.3f} {y:.3f}h{width:.3f}v{height:.3f}h{-width:.3f}z"


def _symbol(bars: Iterable[str], width: float, height: float, label: str) -> str:
    named = label.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{named}" width="{width:.3f}pt" '
        f'height="{height:.3f}pt" viewBox="0 0 {width:.3f} {height:.3f}">'
        f'<path fill="#000" shape-rendering="crispEdges" d="{"".join(bars)}"/></svg>'
    )
