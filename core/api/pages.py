"""Lists in pages that do not shift while rows are added."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """By id, newest first; ``limit`` up to 200, ``cursor`` from the answer's own links."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
