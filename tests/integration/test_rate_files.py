"""A rate table taken away as a file and brought in elsewhere, by screen and by command."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction

from core.errors import Refused
from core.tenancy import scope
from rates.asking import read_asked, read_tables, work
from rates.filing import bring_in
from rates.models import RateTable, RateVersion
from tests.conftest import World
from tests.world.desk import text_of
from tests.world.fields import sent
from tests.world.partners import Partner

FLAT = {
    "name": "Carts",
    "service_type": "refuse",
    "components": [
        {"id": "cart", "kind": "fixed", "text": "Cart", "revenue_code": "TRASH", "amount": "16.00"},
    ],
}


def taken(live: World, code: str) -> bytes:
    answer = live.oak.client("viewer").get(f"/rates/{code}/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    return bytes(answer.content)


@pytest.mark.req("RAT-01")
def test_a_table_goes_from_one_utility_to_another_as_drafts(live: World) -> None:
    file = SimpleUploadedFile("rate.json", taken(live, "SEWER"))
    billing = live.elm.client("billing")
    assert sent(billing, "/rates/import/", file=file, code="SEWER-NEW").status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        there = RateVersion.objects.get(table__code="SEWER")
    with scope(live.elm.utility.id), transaction.atomic():
        here = RateVersion.objects.select_related("table").get(table__code="SEWER-NEW")
    assert (here.content, here.content_hash, here.starts) == (there.content, there.content_hash, there.starts)
    assert (here.state, here.table.service_type) == ("draft", "sewer")


def test_what_is_here_already_is_not_brought_in_again(live: World) -> None:
    content = json.loads(taken(live, "REFUSE"))
    with scope(live.oak.utility.id):
        with pytest.raises(Refused, match="Rate REFUSE has all of it already"):
            bring_in(live.oak.billing, content=content)
        later = {**content["versions"][0], "from": "2027-01-01"}
        made = bring_in(live.oak.billing, content={**content, "versions": [*content["versions"], later]})
        with transaction.atomic():
            assert RateVersion.objects.get(id=made[0]).starts == date(2027, 1, 1)
    assert len(made) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "line 1"),
        (b"[]", "The file holds no rate table"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"versions": []}', "versions: A list with at least one entry is expected"),
        (b'{"versions": [{"from": "soon", "table": {}}]}', "versions[0].from: “soon” is not a date"),
        (b'{"name": "A", "name": "B"}', "stands twice"),
        (b"{}", "one table without versions"),
        (b'{"versions": [{"from": "2026-01-01", "table": {"name": "A"}}]}', "“service_type” is missing"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_at_the_file(live: World, text: bytes, said: str) -> None:
    billing = live.oak.client("billing")
    answer = sent(billing, "/rates/import/", file=SimpleUploadedFile("rate.json", text), code="X")
    assert answer.status_code == 422
    assert said in text_of(answer)
    with scope(live.oak.utility.id), transaction.atomic():
        assert not RateTable.objects.filter(code="X").exists()


def test_one_table_without_versions_begins_on_the_day_that_is_typed(live: World) -> None:
    file = SimpleUploadedFile("carts.json", json.dumps(FLAT).encode())
    billing = live.oak.client("billing")
    assert sent(billing, "/rates/import/", file=file, code="CARTS", starts="2027-01-01").status_code == 302
    with scope(live.oak.utility.id), transaction.atomic():
        assert RateVersion.objects.get(table__code="CARTS").starts == date(2027, 1, 1)


def test_the_file_is_what_the_command_prices(live: World) -> None:
    content = json.loads(taken(live, "REFUSE"))
    tables = read_tables(content)
    asked = read_asked({"from": "2026-09-01", "days": 30, "numbers": {"carts": "1", "units": "1"}}, tables)
    assert [s.tariff.service_type for s in work(tables, asked).services] == ["refuse"]


def test_the_command_writes_and_reads_them(live: World, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("ratefile", "export", "oak", str(tmp_path), "--rate", "WATER", stdout=out)
    (file,) = tmp_path.iterdir()
    with pytest.raises(CommandError, match="has all of it already"):
        call_command("ratefile", "import", "oak", str(file), "--by", "billing@oak", stdout=out)
    with pytest.raises(CommandError, match="does not work for this utility"):
        call_command("ratefile", "import", "oak", str(file), "--by", "billing@elm", stdout=out)
    file.write_text(file.read_text().replace('"code": "WATER"', '"code": "WATER-2"'))
    call_command("ratefile", "import", "oak", str(file), "--by", "billing@oak", stdout=out)
    assert "1 draft\n" in out.getvalue()


@pytest.mark.req("RAT-01", "SYS-03")
def test_a_partner_takes_a_table_away_and_brings_it_in_elsewhere(live: World) -> None:
    ours, theirs = Partner(live.oak), Partner(live.elm)
    file = ours.get(f"rates/{ours.first('rates/', code='SEWER')['id']}/file/")
    made = theirs.post("rate-files/", {"content": file, "code": "SEWER-NEW"})["drafts"]
    there = ours.first("rate-versions/", rate="SEWER", state="active")
    assert [(one["rate"], one["state"], one["starts"]) for one in made] == [
        ("SEWER-NEW", "draft", there["starts"])
    ]
    assert made[0]["content_hash"] == there["content_hash"]
    assert theirs.get("rates/", code="SEWER-NEW")["results"][0]["drafts"] == 1
