"""Endpoints that answer with a document: PDF, or a problem as JSON."""

from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

PDF = "application/pdf"
PDF_ANSWER = {(200, PDF): bytes}


class PdfRenderer(BaseRenderer):
    """Bytes as they are; a problem goes as JSON under its own media type."""

    media_type = PDF
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> Any:
        """The body."""
        return data if isinstance(data, bytes) else JSONRenderer().render(data)
