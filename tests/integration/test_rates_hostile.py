"""Bad input, foreign ids and old pages at the screens of rates: nothing breaks, nothing is kept by halves."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.tenancy import scope
from rates.models import RateVersion
from tests.conftest import World
from tests.integration.test_rate_editor import a_draft, now, opened, typed
from tests.integration.test_rate_editor import content as table_content
from tests.world.desk import send
from tests.world.tables import table_hash

FIGURES = (
    "NaN", "Infinity", "-1", "1e5", "1e999999", "1e-999999", "9" * 400, "0." + "0" * 300 + "1", "１２", "²",
    "7,05", "7.05.1", "$", "=1+1", "<b>7</b>", "7\x00", "x" * 5000,
)  # fmt: skip
"""What a hurried or ill-willed hand puts where a figure belongs."""

WORDS = (
    "x" * 200, "x" * 5000, "a\x00b", "<script>alert(1)</script>", "'; DROP TABLE x; --", "\u202eRTL", " ", "",
)  # fmt: skip

FIELDS = (
    {"s.components.99.kind": "fixed"}, {"s.components.-1.kind": "fixed"}, {"s.components": "x"}, {"s": "x"},
    {"s.": "x"}, {"s..": "x"}, {"s." + "a." * 400 + "b": "x"}, {"s.components.0.kind": "nonsense"},
    {"s.components.0": "text"}, {"s.components.0.amount.kind": "by"}, {"s.components.0.amount.rows.0.0": "x"},
    {"starts": "2027-02-30"}, {"starts": "0001-01-01"}, {"starts": "9999-12-31", "ends": "9999-12-31"},
    {"starts": "9999-12-31"}, {"ends": "2020-01-01"}, {"starts": ""}, {"seen": "~~~"}, {"seen": "x" * 10000},
)  # fmt: skip

ACTS = (
    "",
    "add",
    "add nonsense",
    "remove 99",
    "up -1",
    "down 99999999999999999999",
    "x.y.z",
    "add fixed " * 50,
)

CODES = ("W/R", "../x", ".", "new", "shared", "import", "options", "what-if", "a b", "ä", "%2e", "water")

FILES = (
    b"", b"\xff\xfe", b"{", b"[]", b"null", b'{"versions": []}', b"[" * 100_000, b'{"a": NaN}',
    b'{"name": "\\u0000", "service_type": "water", "components": []}', b"9" * 600_000, b'{"a":' * 50_000,
)  # fmt: skip


def edit(live: World, draft: RateVersion, what: str = "") -> str:
    return f"/rates/TOWN/versions/{draft.id}/edit/{what}"


def faults(client: Client, asked: list[tuple[str, str, dict[str, Any]]]) -> list[tuple[str, str, int]]:
    """What was answered by a fault of the site."""
    client.raise_request_exception = False
    found = []
    for method, path, sent in asked:
        answer = client.get(path, sent) if method == "GET" else client.post(path, sent)
        if answer.status_code >= 500:
            found.append((path, str({k: str(v)[:40] for k, v in sent.items()})[-200:], answer.status_code))
    return found


def test_a_figure_that_is_none_is_told_and_never_a_fault(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    asked: list[tuple[str, str, dict[str, Any]]] = []
    for n, figure in enumerate(FIGURES):
        field = ("s.components.0.amount", "s.components.1.per", "s.components.1.blocks.one.0.up_to")[n % 3]
        other = ("t-use", "t-days", "t-on")[n % 3]
        asked.append(("POST", edit(live, draft), typed(table_content(), **{field: figure})))
        for wrong in ({field: figure}, {other: figure}, {"t-use": figure}):
            asked.append(("POST", edit(live, draft, "try/"), typed(table_content(), **wrong)))
        asked.append(("GET", "/rates/WATER/", {"on": "2026-09-30", other[2:]: figure, "use": figure}))
    assert faults(clerk, asked) == []


def test_words_of_any_kind_are_kept_whole_or_refused(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    fields = ("s.name", "s.components.0.text", "s.components.0.revenue_code", "s.components.0.id", "source")
    page = f"/rates/TOWN/versions/{draft.id}/"
    for words in WORDS:
        sent = [("POST", edit(live, draft), typed(table_content(), **{field: words})) for field in fields]
        assert faults(clerk, [*sent, ("GET", page, {}), ("GET", edit(live, draft), {})]) == []
        assert b"<script>alert(1)" not in clerk.get(page).content


def test_fields_that_no_form_has_break_nothing(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    asked: list[tuple[str, str, dict[str, Any]]] = []
    for more in FIELDS:
        asked += [
            ("POST", edit(live, draft, w), typed(table_content(), **more)) for w in ("try/", "sheet/", "")
        ]
        asked.append(("GET", f"/rates/TOWN/versions/{draft.id}/", {}))
    assert faults(clerk, asked) == []


def test_a_move_that_cannot_be_leaves_the_clauses_as_they_are(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    path = edit(live, draft, "sheet/")
    assert faults(clerk, [("POST", path, typed(table_content(), act=act)) for act in ACTS]) == []


@pytest.mark.req("SYS-01")
def test_a_draft_of_another_town_is_not_there(live: World) -> None:
    draft, theirs = a_draft(live), live.elm.client("admin")
    before = table_hash("rates_")
    for what in ("", "edit/", "file/"):
        assert theirs.get(f"/rates/TOWN/versions/{draft.id}/{what}").status_code == 404
    for what in ("edit/", "edit/try/", "edit/sheet/", "withdraw/", "activate/"):
        answer = theirs.post(f"/rates/TOWN/versions/{draft.id}/{what}", typed(table_content()))
        assert answer.status_code == 404, what
    # By the code of one's own table, with the number of another's version.
    assert theirs.get(f"/rates/WATER/versions/{draft.id}/").status_code == 404
    assert table_hash("rates_") == before


def test_a_draft_sent_twice_is_kept_once(live: World) -> None:
    clerk = live.oak.client("billing")
    sent = {"code": "TWICE", "name": "Twice", "service_type": "water", "idempotency_key": str(uuid4())}
    assert [clerk.post("/rates/new/", sent).status_code for _ in range(2)] == [302, 302]
    begin = {"starts": "2027-01-01", "begin": "copy", "idempotency_key": str(uuid4())}
    places = [clerk.post("/rates/WATER/versions/begin/", begin)["Location"] for _ in range(2)]
    assert places[0] == places[1]
    with scope(live.oak.utility.id), transaction.atomic():
        assert RateVersion.objects.filter(table__code="WATER", state="draft").count() == 1


def test_an_old_page_cannot_change_what_was_put_in_force_meanwhile(live: World) -> None:
    draft, clerk = a_draft(live), live.oak.client("billing")
    page = opened(clerk, draft)
    shown = f"/rates/TOWN/versions/{draft.id}/"
    assert send(live.oak.client("supervisor"), f"{shown}activate/", opened=shown).status_code == 302
    more = {"s.components.0.amount": "99.00", "idempotency_key": str(uuid4())}
    assert clerk.post(edit(live, draft), {**page, **more}).status_code == 409
    assert now(live, draft).content["components"][0]["amount"] == "19.50"
    assert clerk.post(edit(live, draft, "try/"), page).status_code == 409


def test_a_code_leads_to_its_page_or_is_refused(live: World) -> None:
    clerk = live.oak.client("billing")
    for code in CODES:
        answer = send(clerk, "/rates/new/", code=code, name="Trial", service_type="water")
        assert answer.status_code in (302, 409, 422), code
        if answer.status_code == 302:
            assert clerk.get(f"/rates/{code}/").context["table"].code == code
    assert clerk.get("/rates/?find=Trial").content.count(b"Trial") >= 2, "a b, ä"


def test_a_file_that_is_no_table_is_refused_with_what_to_do(live: World) -> None:
    clerk = live.oak.client("billing")
    before = table_hash("rates_")
    for file in FILES:
        sent: dict[str, Any] = {
            "code": "FILE",
            "starts": "2027-01-01",
            "file": SimpleUploadedFile("t.json", file),
        }
        assert send(clerk, "/rates/import/", **sent).status_code == 422, file[:30]
        begin: dict[str, Any] = {
            "begin": "file",
            "starts": "2027-01-01",
            "file": SimpleUploadedFile("t.json", file),
        }
        assert send(clerk, "/rates/WATER/versions/begin/", **begin).status_code == 422, file[:30]
    assert table_hash("rates_") == before


def test_versions_put_in_force_together_are_those_of_the_town(live: World) -> None:
    draft, checker = a_draft(live), live.oak.client("supervisor")
    for ids in (["²"], ["9" * 23], ["-1"], ["x"], [], ["1", "1"], [str(draft.id + 1000)]):
        sent = {"version_ids": ids, "idempotency_key": str(uuid4())}
        assert faults(checker, [("POST", "/rates/shared/activate/", sent)]) == []
