"""A file of reads through the pages and through the API."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.town.month import work_until_idle
from interchange.models import ImportFile
from tests.conftest import World
from tests.integration.test_partner_keys import given
from tests.integration.test_read_file import METER, at, content, receive, shown, the_file, with_cell
from tests.world.towns import Town

KEY = "a-key-of-this-form"


class Partner:
    """A partner system with a live key and these rights."""

    def __init__(self, town: Town, *permissions: str) -> None:
        self.client = Client(HTTP_HOST=town.host)
        self.bearer = {"authorization": f"Bearer {given(town, *permissions)}"}

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.bearer)

    def post(self, address: str, body: dict[str, Any]) -> Any:
        return self.client.post(address, body, headers={**self.bearer, "Idempotency-Key": KEY})


def upload(town: Town, body: bytes, role: str = "billing") -> Any:
    file = SimpleUploadedFile("reads.csv", body)
    given = {"feed": "meter_reads", "file": file, "idempotency_key": KEY}
    return town.client(role).post("/imports/new/", given)


def text(town: Town, address: str, role: str = "billing") -> str:
    response: Any = town.client(role).get(address)
    assert response.status_code == 200
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode("utf-8-sig")


def test_a_file_is_uploaded_once_however_often_the_form_is_sent(live: World) -> None:
    body = content(the_file(live.oak))
    first, second = upload(live.oak, body), upload(live.oak, body)
    assert first.headers["Location"] == second.headers["Location"]
    with at(live.oak):
        assert ImportFile.objects.count() == 1


def test_the_same_file_by_another_form_is_refused_at_the_field_with_the_earlier_import(live: World) -> None:
    receive(live.oak, the_file(live.oak))
    response = upload(live.oak, content(the_file(live.oak)))
    assert response.status_code == 409
    assert "The same file came in before: import 1 (“reads.csv”)" in response.content.decode()


def test_the_page_of_an_import_shows_errors_and_hands_out_its_files(live: World) -> None:
    lines = the_file(live.oak)
    lines[3] = with_cell(lines[3], METER, "M9")
    page = f"/imports/{receive(live.oak, lines)}/"
    assert "No meter M9 is known." in text(live.oak, page)
    assert "No meter M9 is known." in text(live.oak, f"{page}exceptions/?level=error")
    assert "M9" not in text(live.oak, f"{page}exceptions/?level=skipped")
    assert text(live.oak, f"{page}source/").encode() == content(lines)
    assert text(live.oak, f"{page}rejects/").splitlines()[1].startswith(lines[3])
    assert "4,error,Meter_ID,Unknown meter,No meter M9 is known." in text(live.oak, f"{page}report/")
    assert "Not taken: line 4" in text(live.oak, f"{page}missing/?export=csv")


def test_an_import_is_approved_on_its_page_by_a_second_person(live: World) -> None:
    import_id = receive(live.oak, the_file(live.oak))
    seen = shown(live.oak, import_id).fingerprint
    address = f"/imports/{import_id}/approve/?seen={seen}"
    assert live.oak.client("billing").post(address, {"idempotency_key": KEY}).status_code == 403
    assert live.oak.client("supervisor").post(address, {"idempotency_key": KEY}).status_code == 302
    work_until_idle()
    assert "12 rows recorded, 0 left out." in text(live.oak, f"/imports/{import_id}/")


def test_an_import_of_another_utility_does_not_exist_here(live: World) -> None:
    import_id = receive(live.oak, the_file(live.oak))
    for part in ("", "source/", "report/", "exceptions/", "missing/"):
        assert live.elm.client("admin").get(f"/imports/{import_id}/{part}").status_code == 404


@pytest.mark.req("BIL-01")
def test_a_partner_system_sends_a_file_and_asks_how_it_stands(live: World) -> None:
    lines = the_file(live.oak)
    lines[3] = with_cell(lines[3], METER, "M9")
    partner = Partner(live.oak, "interchange.view", "interchange.import", "readings.import")
    sent = [
        partner.post(
            "/api/v1/imports/",
            {"feed": "meter_reads", "file": SimpleUploadedFile("reads.csv", content(lines))},
        )
        for _ in range(2)
    ]
    assert [r.status_code for r in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    found = sent[0].json()
    assert (found["state"], found["ready"], found["errors"]) == ("scanned", 11, 1)
    rows = partner.get(f"/api/v1/imports/{found['id']}/rows/?state=error").json()["results"]
    assert rows[0]["faults"][0]["code"] == "unknown_meter"


def test_an_approval_by_the_api_needs_its_right_and_the_rows_that_were_seen(live: World) -> None:
    import_id = receive(live.oak, the_file(live.oak))
    rights = ("interchange.view", "interchange.approve", "readings.import", "readings.approve")
    address, seen = f"/api/v1/imports/{import_id}/approve/", shown(live.oak, import_id).fingerprint
    reader, approver = Partner(live.oak, "interchange.view"), Partner(live.oak, *rights)
    assert reader.post(address, {"seen": seen}).status_code == 403
    assert approver.post(address, {"seen": "0" * 64}).status_code == 409
    answer = approver.post(address, {"seen": seen})
    assert (answer.status_code, answer.json()["state"]) == (201, "approved")
