"""Thirty numbers are planted and worked with; then they are looked for wherever anything is kept."""

import logging
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings as site
from django.core import mail
from django.db import transaction
from django.test import Client

from config import celery
from config.embedded import place_of
from config.embedded_server import programs_for
from config.town.month import work_until_idle
from core.codes import put_code
from core.mail import queue_mail
from core.models import StoredFile
from core.operations import act_as
from core.sealed import Typed
from core.tenancy import scope
from core.vault import fetch
from core.web.route_table import all_routes
from customers import customer_file
from customers.account_file import change_account
from customers.bank_draft import enrol
from customers.models import Customer
from customers.sealed import BANK_ACCOUNT, LICENCE, SSN
from tests.conftest import World
from tests.integration.test_work_doorbell import broker  # noqa: F401 - a fixture
from tests.world.partners import Partner
from tests.world.planted import Number, bank_account, found_in, licence, social_security

PERSON = {"name": "Nora", "mail_line_1": "1 Elm", "mail_city": "Oak", "mail_state": "IA", "mail_zip": "51501"}
PLACE = {"name": "Lodge", "line_1": "1 Elm St", "city": "Oak Hollow", "state": "IA", "zip_code": "51501"}
BANK = {
    "bank": "FIRST",
    "holder": "Una",
    "routing": "021000021",
    "kind": "checking",
    "signed_on": "2026-09-01",
    "starts": "2026-09-01",
}
DAY = date(2026, 9, 1)
WHY = {"reason": "Asked for by the agency"}
ACCOUNT_PAGES = ("", "?tab=file", "?tab=people", "?tab=history", "?tab=transactions", "statement.pdf")


@dataclass
class Office:
    """A town in which numbers are planted, and the folder in which all that it says is gathered."""

    world: World
    gathered: Path
    clerk: Client
    admin: Client
    partner: Partner
    ssn: list[Number] = field(default_factory=lambda: [social_security() for _ in range(10)])
    licence: list[Number] = field(default_factory=lambda: [licence() for _ in range(10)])
    bank: list[Number] = field(default_factory=lambda: [bank_account() for _ in range(10)])
    control: Number = field(default_factory=social_security)
    said: int = 0

    @property
    def planted(self) -> list[Number]:
        """All thirty."""
        return [*self.ssn, *self.licence, *self.bank]

    def keep(self, name: str, content: bytes) -> None:
        """Gather something."""
        self.said += 1
        (self.gathered / f"{self.said:04d} {name.replace('/', '_')[:80]}").write_bytes(content)

    def heard(self, name: str, answer: Any) -> Any:
        """Gather an answer, its headers too."""
        body = answer.getvalue() if getattr(answer, "streaming", False) else answer.content
        self.keep(name, repr(dict(answer.headers)).encode() + b"\n" + body)
        if body.startswith(b"%PDF"):
            self.keep(f"{name} as text", as_text(body))
        return answer

    def form(self, path: str, body: dict[str, str], status: int = 302) -> Any:
        """Send a form as the clerk."""
        sent = {**body, "idempotency_key": f"planted-{self.said:06d}"}
        answer = self.heard(f"POST {path}", self.clerk.post(path, sent))
        assert answer.status_code == status, answer.content[-3000:]
        return answer

    def api(self, path: str, body: dict[str, Any], method: str = "POST", status: int = 201) -> Any:
        """Ask the interface."""
        answer = self.heard(f"{method} {path}", self.partner.ask(method, path, body, f"k-{self.said}"))
        assert answer.status_code == status, answer.content
        return answer


def as_text(pdf: bytes) -> bytes:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout


class Listening(logging.Handler):
    """Gathers what is logged, whatever its level, with its traceback."""

    def __init__(self, office: Office) -> None:
        super().__init__(logging.DEBUG)
        self.office = office
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.office.keep(f"log {record.name}", self.format(record).encode())


@pytest.fixture
def office(live: World, tmp_path: Path, settings: Any) -> Iterator[Office]:
    if Path(site.VAULT_DIR).exists():
        shutil.copytree(site.VAULT_DIR, tmp_path / "vault")
    settings.VAULT_DIR, settings.DEBUG = tmp_path / "vault", False
    settings.ADMINS = [("Root", "root@oak.example")]
    (tmp_path / "gathered").mkdir()
    clerk, admin = live.oak.client("clerk"), live.oak.client("admin")
    clerk.raise_request_exception = admin.raise_request_exception = False
    found = Office(live, tmp_path / "gathered", clerk, admin, Partner(live.oak))
    with scope(live.oak.utility.id):
        put_code(live.oak.admin, kind="bank", code="FIRST", name="First Bank")
    root, hearing = logging.getLogger(), Listening(found)
    levels = root.level
    root.addHandler(hearing)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(hearing)
    root.setLevel(levels)


def plant(office: Office) -> list[int]:
    """Every number into its column: by form, through the interface, in bulk; the customers' ids."""
    ssn, lic, bank = office.ssn, office.licence, office.bank
    for n in range(3):
        office.form("/customers/new/", {**PERSON, "ssn": ssn[n].typed, "licence": lic[n].typed.lower()})
    for n in range(3, 6):
        office.api("customers/", {**PERSON, "ssn": ssn[n].typed, "licence": lic[n].typed})
    office.form("/landlords/new/", {**PLACE, "ssn": ssn[6].typed, "licence": lic[6].typed})
    office.api("landlords/", {**PLACE, "ssn": ssn[7].plain, "licence": lic[7].plain})
    office.form("/companies/new/", {**PLACE, "federal_tax_id": ssn[8].typed})
    accounts = {n: office.world.oak.account(f"1000{n + 1:02d}").id for n in range(10)}
    for n in range(4):
        office.form(f"/accounts/1000{n + 1:02d}/bank-draft/new/", {**BANK, "number": bank[n].typed})
    for n in range(4, 8):
        office.api(f"accounts/{accounts[n]}/bank-drafts/", {**BANK, "number": bank[n].typed})
    with scope(office.world.oak.utility.id), transaction.atomic():
        rows = [Customer(**PERSON), Customer(**PERSON)]
        SSN.put(rows[0], ssn[9].typed)
        for row, number in zip(rows, lic[8:], strict=True):
            LICENCE.put(row, number.typed)
        Customer.objects.bulk_create(rows)
    with scope(office.world.oak.utility.id):
        for n in (8, 9):
            enrol(
                office.world.oak.clerk,
                account_id=accounts[n],
                fields={name: BANK[name] for name in ("bank", "holder", "routing")},
                number=Typed(BANK_ACCOUNT, bank[n].typed),
                signed_on=DAY,
                starts=DAY,
                today=DAY,
            )
        with transaction.atomic():
            return list(Customer.objects.exclude(ssn=None).order_by("id").values_list("id", flat=True))


def work_with(office: Office, customers: list[int]) -> None:
    """What an office does with them in a day, mistakes included."""
    ssn, lic, bank = office.ssn, office.licence, office.bank
    first = f"/customers/{customers[0]}/"
    office.form("/move-ins/earlier/", {"ssn": ssn[0].typed, "licence": lic[1].typed}, 200)
    office.api("earlier-bills/", {"ssn": ssn[2].typed, "licence": lic[3].typed}, status=200)
    office.api(f"customers/{customers[1]}/", {"ssn": ssn[1].plain}, "PATCH", 200)
    office.form(f"{first}change/", {**PERSON, "ssn": ssn[0].typed, "employer": "Mill"})
    for path, wrong in (
        ("/customers/new/", {"ssn": ssn[3].typed, "licence": lic[3].typed, "name": ""}),
        ("/customers/new/", {**PERSON, "ssn": f"{ssn[3].typed}0"}),
        ("/landlords/new/", {"ssn": ssn[6].typed, "licence": lic[6].typed}),
        ("/companies/new/", {"federal_tax_id": ssn[8].typed}),
        ("/move-ins/new/", {"ssn": ssn[4].typed, "licence": lic[4].typed, "starts": "never"}),
        ("/accounts/100011/bank-draft/new/", {**BANK, "routing": "1", "number": bank[0].typed}),
    ):
        office.form(path, wrong, 422)
    office.api("customers/", {"ssn": ssn[3].typed, "licence": "x" * 50}, status=400)
    office.api("landlords/", {**PLACE, "ssn": f"{ssn[7].typed}1"}, status=422)
    for column, ref in ((SSN, customers[0]), (LICENCE, customers[1])):
        assert office.admin.post(f"/reveal/{column.column}/{ref}/", WHY).status_code == 200
        office.heard("reveal", office.admin.get(f"/reveal/{column.column}/{ref}/"))
    wrong = {"reason": f"is it {ssn[0].typed}, is it not"}
    said = office.heard("reason", office.admin.post(f"/reveal/{SSN.column}/{customers[0]}/", wrong))
    assert said.status_code == 422
    assert office.partner.ask("POST", f"sealed/{SSN.column}/{customers[0]}/reveal/", wrong).status_code == 422
    office.clerk.get("/search/", {"q": ssn[0].typed})


def break_down(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the middle of saving, by form and through the interface; the site's people get a mail."""

    def fails(*given: Any, **named: Any) -> None:
        raise RuntimeError("Something broke in the middle.")

    with monkeypatch.context() as patched:
        patched.setattr(customer_file, "refresh_keys", fails)
        sent = {**PERSON, "ssn": office.ssn[5].typed, "licence": office.licence[5].typed}
        office.form("/customers/new/", sent, 500)
        office.api("customers/", sent, status=500)
    assert mail.outbox, "nobody was told of the fault"


def look_around(office: Office) -> None:
    """Every page that needs no more than its address, every list as a file, every tab of an account."""
    for route in all_routes():
        if route.method != "GET" or route.public or route.own_page or "<" in route.path:
            continue
        if route.is_api:
            office.heard(route.path, office.partner.ask("GET", route.path.removeprefix("/api/v1/")))
        else:
            office.heard(route.path, office.admin.get(route.path))
            office.heard(f"{route.path} csv", office.admin.get(route.path, {"export": "csv"}))
    for tab in ACCOUNT_PAGES:
        for number in ("100001", "100012"):
            office.heard(f"GET /accounts/{number}/{tab}", office.admin.get(f"/accounts/{number}/{tab}"))


def in_the_background(office: Office, address: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """A report made by a worker that is rung through Redis, and a mail; what lies in Redis is gathered."""
    monkeypatch.setattr(celery.app.conf, "broker_url", address)
    monkeypatch.setattr(celery.app.amqp, "_producer_pool", None)  # else that of the broker before
    settings.REDIS_URL = address
    office.form("/reports/trial-balance/make/", {"form": "csv"}, 302)
    with scope(office.world.oak.utility.id), act_as(office.world.oak.system, "trial.mail"):
        queue_mail("una@oak.example", "Welcome", "Your account is open.")
    store = redis.Redis.from_url(address)
    for name in store.scan_iter():
        office.keep(f"redis {name!r}", repr(store.dump(name)).encode() + (store.dump(name) or b""))
    assert store.llen("celery"), "nobody was rung"
    settings.REDIS_URL = ""
    work_until_idle()
    for one in mail.outbox:
        office.keep("mail", one.message().as_bytes())
    with scope(office.world.oak.utility.id), transaction.atomic():
        for file in StoredFile.objects.all():
            content = fetch(file.id)
            office.keep(f"file {file.id}", as_text(content) if content.startswith(b"%PDF") else content)


def on_disk(office: Office, since: str) -> list[Path]:
    """The cluster's files of this database, its log and what it wrote ahead, all of it written out."""
    cluster = office.world.databases.cluster
    name = office.world.databases.name(office.world.part)
    connection = psycopg2.connect(cluster.superuser_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
        (oid,) = cursor.fetchone() or (0,)
        cursor.execute("CHECKPOINT")
    connection.close()
    ahead = sorted(p for p in (cluster.data_dir / "pg_wal").iterdir() if p.is_file() and p.name >= since)
    rest = [p for p in cluster.data_dir.iterdir() if p.name not in ("base", "pg_wal")]
    return [cluster.data_dir / "base" / str(oid), *rest, cluster.data_dir.parent / "server.log", *ahead]


def written_ahead(office: Office) -> str:
    """The file in which what is written from now on begins."""
    connection = psycopg2.connect(office.world.databases.cluster.superuser_url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")
        (name,) = cursor.fetchone() or ("",)
    connection.close()
    return str(name)


def dumped(office: Office) -> Path:
    """The database as a backup has it, written out as text."""
    program = programs_for(place_of("test"), None) / "pg_dump"
    url = office.world.databases.superuser_url(office.world.part)
    file = office.gathered / "dump.sql"
    with file.open("wb") as out:
        subprocess.run([str(program), url], stdout=out, check=True)
    return file


@pytest.mark.req("SYS-06")
def test_thirty_planted_numbers_stand_nowhere_in_plain(
    office: Office,
    broker: str,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Path,
) -> None:
    since = written_ahead(office)
    with scope(office.world.oak.utility.id):
        change_account(
            office.world.oak.clerk,
            account_id=office.world.oak.account("100012").id,
            fields={"message": f"Call {office.control.typed} now"},
        )
    customers = plant(office)
    work_with(office, customers)
    break_down(office, monkeypatch)
    look_around(office)
    in_the_background(office, broker, monkeypatch, settings)
    dump, cluster = dumped(office), on_disk(office, since)
    places = [office.gathered, Path(site.VAULT_DIR), *cluster]
    found = found_in(places, [*office.planted, office.control], tmp_path)
    in_plain = {file: numbers - {office.control.plain} for file, numbers in found.items()}
    assert {file: numbers for file, numbers in in_plain.items() if numbers} == {}
    # The same search finds what is not sealed, in each of these places: it could have found the thirty.
    seen = [file for file in found if office.control.plain in found[file]]
    assert str(dump) in seen
    for part in ("/base/", "/pg_wal/", "GET _accounts_100012", "_audit_ csv"):
        assert [file for file in seen if part in file], part
