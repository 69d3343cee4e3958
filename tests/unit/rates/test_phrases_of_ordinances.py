"""Each piece of ``rates/engine/PHRASES.md`` gives the bill beside it, which is worked by hand there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import rates.engine
from rates.asking import Answer, as_document, read_asked, read_tables, work
from rates.engine.components import COMPONENT_KINDS

PAGE = (Path(rates.engine.__file__).parent / "PHRASES.md").read_text(encoding="utf-8")
PIECES: list[dict[str, Any]] = [json.loads(p) for p in re.findall(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)]


def _answer(piece: dict[str, Any]) -> Answer:
    parts = {k: v for k, v in piece.items() if k not in {"for", "bill"}}
    components = [{"text": c["id"], "revenue_code": "R", **c} for c in parts.pop("components")]
    table = {"name": "A", "service_type": "water", "unit": "KGAL", "components": components, **parts}
    given = {"from": "2026-06-01", "to": "2026-07-01", **piece["for"]}
    if "use" in given:
        given = {"unit": table["unit"], **given}
    tables = read_tables(table)
    return work(tables, read_asked(given, tables))


@pytest.mark.parametrize("piece", PIECES, ids=lambda p: "-".join(c["id"] for c in p["components"]))
def test_the_piece_gives_its_bill(piece: dict[str, Any]) -> None:
    services = as_document(_answer(piece))["services"]
    found = {c["id"]: c["amount"] for service in services for c in service["charges"]}
    assert found == piece["bill"]


def test_every_kind_of_charge_has_a_phrase() -> None:
    kinds = {c["kind"] for piece in PIECES for c in piece["components"]}
    assert kinds == {k.kind for k in COMPONENT_KINDS}
