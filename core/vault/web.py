"""Handing a kept file to a browser.  Whether this person may have it is the caller's to check."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.models import StoredFile
from core.vault.keeping import fetch_parts
from core.vault.names import shown_name

# Shown in the window itself when asked for; anything else, a stranger's content, is only ever saved.
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain"})


def download(file: StoredFile, *, inline: bool = False) -> StreamingHttpResponse:
    """The file as a response: its name made harmless, its type fixed, never sniffed, never cached by others.

    Raises ``FileMissing`` before anything is sent; a damaged content breaks the response off short of
    its announced length.
    """
    known = file.media_type in SHOWN_INLINE
    response = StreamingHttpResponse(
        fetch_parts(file), content_type=file.media_type if known else "application/octet-stream"
    )
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = (
        content_disposition_header(not (inline and known), shown_name(file.name)) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
