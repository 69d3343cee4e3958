"""Lists in pages that do not shift while rows are added."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """By id, newest first; ``limit`` up to 200, ``cursor`` from the answer's own links."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def decode_cursor(self, request: Request) -> Any:
        """Where the page begins; raises ``NotFound`` for a cursor that was not one of ours."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not self._is_id(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    @staticmethod
    def _is_id(position: str) -> bool:
        return position.isascii() and position.isdigit() and len(position) <= 18
