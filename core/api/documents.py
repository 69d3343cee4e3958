"""Endpoints that answer with a document: a PDF, or a problem as JSON."""

from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

PDF = "application/pdf"


class PdfRenderer(BaseRenderer):
    """Lets a request ask for PDF alone.  The document goes as it is; a problem is rendered as JSON."""

    media_type = PDF
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
        """The body of a problem."""
        return JSONRenderer().render(data)
