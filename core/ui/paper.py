"""Paper: HTML and CSS laid out as PDF, the same on every machine.

Documents name what they embed as ``asset:<name>``: the house fonts as ``asset:fonts/<file>``, and whatever
bytes the caller hands in.  Nothing else is ever fetched, neither from the network nor from the disk, so a
document made of a customer's or a vendor's text can reach nothing.

The same input gives the same bytes: no date, no random identifier, and one set of fonts.
"""

import gc
import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.template import Context, Engine
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import (
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

_ROOT = Path(__file__).resolve().parents[2]
_FONTS = _ROOT / "static" / "fonts"
_DOCUMENTS = _ROOT / "templates" / "documents"
_SCHEME = "asset:"
_SHEETS_KEPT = 64

_MEDIA_TYPES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"wOF2", "font/woff2"),
)

_log = logging.getLogger(__name__)


class AssetMissing(ValueError):
    """A document names an asset it was not given: a fault of the document, so it is not printed."""


class LaidOutPage(Protocol):
    """A page before it is written; ``anchors`` are the named elements on it: left, top, right and bottom in
    CSS pixels, 96 to the inch.
    """

    @property
    def anchors(self) -> Mapping[str, tuple[float, float, float, float]]: ...


class LaidOut(Protocol):
    """A document laid out but not yet written."""

    @property
    def pages(self) -> Sequence[LaidOutPage]: ...

    def write_pdf(self, *, pdf_identifier: bytes) -> bytes: ...


class _EmbeddedOnly(URLFetcher):
    """Gives the assets handed in and the house fonts, and denies every other address."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(_SCHEME):
            _log.warning("A document asked for %.80r; documents may only embed what they are given.", url)
            raise ValueError("Documents may only embed what they are given.")
        name = url.removeprefix(_SCHEME)
        content = self._assets.get(name)
        if content is None:
            content = _font_file(name)
        if content is None:
            raise FatalURLFetchingError(f"The document names “{name}” but was not given it. Hand it in.")
        kind = next((k for start, k in _MEDIA_TYPES if content.startswith(start)), "image/svg+xml")
        return URLFetcherResponse(url, content, {"Content-Type": kind})


class _Bench(threading.local):
    """Fonts and parsed style sheets, shared by all documents of one thread (Pango is not for sharing)."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.sheets: dict[str, Any] = {}
        self.house = self._parse(stylesheet("house.css"))

    def _parse(self, css: str) -> Any:
        return CSS(string=css, font_config=self.fonts, url_fetcher=_EmbeddedOnly({}))

    def sheet(self, css: str) -> Any:
        if css not in self.sheets:
            if len(self.sheets) >= _SHEETS_KEPT:
                self.sheets.pop(next(iter(self.sheets)))
            self.sheets[css] = self._parse(css)
        return self.sheets[css]


def render(html: str, css: tuple[str, ...] = (), *, assets: Mapping[str, bytes] | None = None) -> bytes:
    """The document as PDF; ``css`` are style sheets as text, later ones winning, parsed once each.

    Raises ``AssetMissing`` when the document names an ``asset:`` it was not given.
    """
    with collector_resting():
        return pdf_bytes(lay_out(html, css, assets=assets), html)


def lay_out(html: str, css: tuple[str, ...] = (), *, assets: Mapping[str, bytes] | None = None) -> LaidOut:
    """The document laid out but not yet written, for who must know where things fell.

    Hand it to ``pdf_bytes``.  Raises ``AssetMissing`` as ``render`` does.
    """
    bench = _bench()
    source = HTML(string=html, url_fetcher=_EmbeddedOnly(assets or {}))
    sheets = [bench.house, *map(bench.sheet, css)]
    try:
        laid_out: LaidOut = source.render(font_config=bench.fonts, stylesheets=sheets)
    except FatalURLFetchingError as fault:  # no Exception but a BaseException: callers would not catch it
        raise AssetMissing(str(fault)) from None
    return laid_out


def pdf_bytes(laid_out: LaidOut, html: str) -> bytes:
    """The laid-out document as PDF; its identifier is made of the source instead of chance."""
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    return laid_out.write_pdf(pdf_identifier=identifier)


@contextmanager
def collector_resting() -> Iterator[None]:
    """Garbage collection off while a document is made (a sixth of the time), one sweep after it."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
        gc.collect()


def fill(template: str, **context: object) -> str:
    """A template of ``templates/documents`` filled in; values are escaped unless marked safe.

    Hand in texts ready to print: the templates know no locale, no settings and no database.
    """
    return _engine().get_template(template).render(Context(context, use_l10n=False, use_tz=False))


@lru_cache
def stylesheet(name: str) -> str:
    """The text of a style sheet in ``templates/documents``."""
    return (_DOCUMENTS / name).read_text(encoding="utf-8")


@lru_cache
def _engine() -> Engine:
    return Engine(dirs=[str(_DOCUMENTS)], autoescape=True)


@lru_cache
def _font_file(name: str) -> bytes | None:
    """The bytes of a house font; the name is looked up among the files there, never joined to a path."""
    known = {f"fonts/{f.name}": f for f in _FONTS.glob("*.woff2")}
    return known[name].read_bytes() if name in known else None


_workbench = threading.local()


def _bench() -> _Bench:
    if not hasattr(_workbench, "bench"):
        _workbench.bench = _Bench()
    bench: _Bench = _workbench.bench
    return bench
