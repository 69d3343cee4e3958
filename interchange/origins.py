"""Files as the origin of what was read from them."""

from collections.abc import Collection

from core.links import screen
from core.origins import Origin, OriginKind
from core.ui.words import day_text
from interchange.models import ImportFile


def _imports(ids: Collection[int]) -> dict[int, Origin]:
    rows = ImportFile.objects.filter(id__in=ids).select_related("file")
    return {
        f.id: Origin(
            f"file {f.file.name}, received {day_text(f.received_at.date())} from {f.received_by_name}",
            screen("interchange:import", f.id),
        )
        for f in rows
    }


ORIGINS = (OriginKind("import", _imports, "interchange.view"),)
