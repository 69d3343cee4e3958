"""A route goes out to a hand-held reader and its readings come back, filled in by another program."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from config.town.month import work_until_idle
from core.tenancy import scope
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file
from interchange.route_files import route_file
from meters.models import Location, Reading
from tests.conftest import World
from tests.world.partners import Partner

ON, TODAY = date(2026, 10, 1), date(2026, 10, 2)


def route_of(live: World) -> int:
    with scope(live.oak.utility.id), transaction.atomic():
        return int(Location.objects.get(code="L100001").route_id)


def filled(content: bytes) -> tuple[bytes, dict[str, Decimal]]:
    """What a device makes of the file: five more on each dial, by Python's own csv."""
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    for row in rows:
        row |= {"read": str(int(Decimal(row["last_read"])) + 5), "date": "2026-10-01", "code": "A"}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(), {row["meter"]: Decimal(row["read"]) for row in rows}


@pytest.mark.req("MTR-04")
def test_a_route_goes_out_and_its_readings_come_back_through_the_import(live: World) -> None:
    oak, route = live.oak, route_of(live)
    with scope(oak.utility.id):
        with transaction.atomic():
            _, content = route_file(route, ON)
        back, dials = filled(content)
        imported = receive_file(
            oak.billing, feed="handheld_reads", name="back.csv", content=back, today=TODAY
        )
    work_until_idle()
    with scope(oak.utility.id):
        with transaction.atomic():
            found = ImportFile.objects.get(id=imported)
        approve_import(oak.supervisor, import_id=imported, seen=found.fingerprint, today=TODAY)
    work_until_idle()
    with scope(oak.utility.id), transaction.atomic():
        kept = Reading.objects.filter(on=ON, is_live=True).values_list("register__meter__number", "dial")
        assert dict(kept) == dials
        assert len(dials) == 6


def test_the_file_of_a_route_is_fetched_on_screen_and_by_a_partner(live: World) -> None:
    route = route_of(live)
    seen = live.oak.client("viewer").get(f"/routes/{route}/hand-held.csv?on={ON}")
    sent = Partner(live.oak, "readings.view").ask("GET", f"routes/{route}/hand-held/", on=str(ON))
    assert seen.content == sent.content
    rows = list(csv.DictReader(io.StringIO(seen.content.decode())))
    assert [row["place"] for row in rows] == sorted((row["place"] for row in rows), key=int)
    assert rows[0]["account"] == "100001"
