"""Answers that are still being written when the request is over."""

from collections.abc import Callable, Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.reading import read_only
from core.tenancy import scope


def streamed(
    utility_id: int, rows: Callable[[], Iterable[bytes]], *, name: str, media_type: str
) -> StreamingHttpResponse:
    """A file sent while it is made, in a scope and a read-only transaction of its own."""

    def send() -> Iterator[bytes]:
        with scope(utility_id), read_only():
            yield from rows()

    response = StreamingHttpResponse(send(), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
