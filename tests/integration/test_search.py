"""Finding an account by anything a caller may say."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock
from core.models import SearchKey
from core.prove import Asked, all_invariants, prove
from core.search import answers, find, refresh_every_key, refresh_keys, refresh_new_kinds, write_keys
from core.tenancy import scope
from customers.models import Account, Customer
from meters.models import Installation, Location
from meters.operations import MeterChange, change_meters
from tests.conftest import World


def dressed(world: World) -> Account:
    """An account with a name, a place, a telephone, a mail address and a meter to look for."""
    account = Account.objects.select_related("customer", "location").order_by("id")[0]
    Customer.objects.filter(id=account.customer_id).update(
        name="O'Brien-Núñez, Zoë", phone="(555) 867-5309", email="zoe.obrien@example.com"
    )
    Location.objects.filter(id=account.location_id).update(
        street_number="9087", street_name="N Xenon St", unit_label="Apt 4", sequence=7310
    )
    refresh_keys("account", [account.id])
    return account


@pytest.mark.req("CUS-09")
@pytest.mark.parametrize(
    "typed",
    [
        "o'brien", "OBRIEN zoe", "nunez", "Zoë O'Br", "9087 north xenon street", "xenon 9087",
        "n xenon st apt 4", "xenon apartment 4", "555-867-5309", "(555) 867 5309",
        "867-5309", "5309", "zoe.obrien@example.com",
        "zoe.ob", "obrien 9087 5309",
    ],
)  # fmt: skip
def test_an_account_is_found_by_name_address_telephone_and_mail(world: World, typed: str) -> None:
    account = dressed(world)
    assert ("account", account.id) in find(typed)


@pytest.mark.req("CUS-09")
def test_an_account_is_found_by_its_number_place_on_the_route_and_meter(world: World) -> None:
    account = dressed(world)
    place = Location.objects.select_related("route").get(id=account.location_id)
    installed = Installation.objects.filter(service_point__location=place, ends=None)
    meter = installed.values_list("meter__number", flat=True)[0]
    for typed in (account.number, account.number[-4:], f"{place.route.code}-7310", meter, meter[-5:]):
        assert ("account", account.id) in find(typed), typed


def test_an_exact_number_comes_first_and_its_answer_says_who_and_where(world: World) -> None:
    account = dressed(world)
    first = answers(account.number)[0]
    assert first.title == f"{account.number}  O'Brien-Núñez, Zoë"
    assert first.detail.startswith("9087 N Xenon St Apt 4, ")
    assert first.args == (account.number,)


def test_every_word_must_be_there(world: World) -> None:
    dressed(world)
    assert find("obrien 9087")
    assert find("obrien 9086") == []
    assert find("   ") == find("%") == []


def test_the_other_utility_never_finds_it(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        dressed(live)
        assert find("xenon")
    with scope(live.elm.utility.id), transaction.atomic():
        assert find("xenon") == []


def test_keys_follow_a_change_and_nothing_is_left_of_what_was(world: World) -> None:
    account = dressed(world)
    Customer.objects.filter(id=account.customer_id).update(name="Quillfeather", email="")
    refresh_keys("account", [account.id])
    assert find("quillf") == [("account", account.id)]
    assert find("nunez") == find("zoe.ob") == []


def test_many_keys_are_written_at_once_in_few_statements(world: World) -> None:
    keys = {ref: {f"key{ref}", "common"} for ref in range(900_001, 906_001)}
    with CaptureQueriesContext(connection) as asked:
        write_keys("trial", keys)
    assert len(asked) == 4
    assert SearchKey.objects.filter(kind="trial").count() == 12_000
    assert find("common key905999", ["trial"]) == [("trial", 905_999)]
    write_keys("trial", {900_001: set()})
    assert find("key900001", ["trial"]) == []


def test_words_that_are_all_common_are_found_together(world: World) -> None:
    everyone = {ref: {"common", "usual" if ref % 2 else "other"} for ref in range(900_001, 906_001)}
    write_keys("trial", everyone)
    odd = [("trial", ref) for ref in range(900_001, 900_041, 2)]
    assert find("usual common", ["trial"]) == find("common usual", ["trial"]) == odd
    assert find("usual other", ["trial"]) == []


@pytest.mark.parametrize("typed", ["usual common", "usual common all"])
def test_keys_of_common_words_are_put_together_by_a_hash(world: World, typed: str) -> None:
    write_keys("trial", {ref: {"common", "usual", "all"} for ref in range(900_001, 902_001)})
    with CaptureQueriesContext(connection) as asked:
        assert find(typed, ["trial"])
    *_, plan = plans(asked)
    assert "Hash" in plan
    assert "Join Filter" not in plan


def plans(asked: CaptureQueriesContext) -> list[str]:
    """How each question was answered, its settings made again."""
    told = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].startswith("SET LOCAL"):
                cursor.execute(query["sql"])
            else:
                cursor.execute("EXPLAIN " + query["sql"])
                told.append("\n".join(line for (line,) in cursor.fetchall()))
    return told


@pytest.mark.parametrize("typed", ["obrien", "5309", "xenon obrien", "5309 xenon"])
def test_searching_reads_ranges_of_the_index_and_never_the_table(world: World, typed: str) -> None:
    dressed(world)
    with CaptureQueriesContext(connection) as asked:
        assert find(typed)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    for plan in plans(asked):
        assert "Seq Scan" not in plan
        conditions = re.findall(r"Index Cond: (.*)", plan)
        assert conditions
        assert all("tenant_id = " in c and "token >= " in c and "token < " in c for c in conditions)


def test_stale_missing_and_needless_keys_are_proved_wrong(live: World) -> None:
    only = [i for i in all_invariants() if i.code == "K1"]
    asked = Asked(live.oak.utility, clock.now())
    assert prove(asked, only)[0].offences == ()
    with scope(live.oak.utility.id), transaction.atomic():
        account = Account.objects.order_by("id")[0]
        Customer.objects.filter(id=account.customer_id).update(name="Renamed Behind Our Back")
        write_keys("account", {999_999: {"ghost"}})
    offences = prove(asked, only)[0].offences
    assert {ref for ref, _ in offences} >= {account.id, 999_999}
    assert any("keys missing [back behind our renamed]" in words for _, words in offences)


def test_a_closed_account_is_found_and_says_so(world: World) -> None:
    account = dressed(world)
    Account.objects.filter(id=account.id).update(ends=date(2026, 9, 15))
    assert answers(account.number)[0].state == "closed"


@pytest.mark.req("CUS-09")
def test_an_account_is_found_by_its_parcel_and_by_who_else_pays(world: World) -> None:
    account = dressed(world)
    Location.objects.filter(id=account.location_id).update(parcel="12-0042-777")
    Account.objects.filter(id=account.id).update(alternate_payer="Prairie Trust Bank")
    refresh_keys("location", [account.location_id])
    for typed in ("12-0042-777", "120042777", "xenon 12-0042-777", "prairie trust", "2777"):
        assert ("account", account.id) in find(typed), typed


@pytest.mark.req("CUS-09")
def test_people_addresses_and_meters_are_found_beside_their_accounts(world: World) -> None:
    account = dressed(world)
    refresh_keys("customer", [account.customer_id])
    refresh_keys("location", [account.location_id])
    kinds = {kind for kind, _ in find("xenon 9087")}
    assert kinds == {"account", "location"}
    assert ("customer", account.customer_id) in find("nunez 5309")
    number = Installation.objects.filter(service_point__location=account.location_id).values_list(
        "meter__number", flat=True
    )[0]
    assert {kind for kind, _ in find(number)} == {"account", "meter"}


def test_an_account_follows_its_customer_its_place_and_its_meter(live: World) -> None:
    account = live.oak.account("100004")
    with scope(live.oak.utility.id):
        with transaction.atomic():
            Customer.objects.filter(id=account.customer_id).update(name="Ottoline Quist")
            refresh_keys("customer", [account.customer_id])
            assert find("ottoline", ["account"]) == [("account", account.id)]
            point = Installation.objects.get(service_point__location=account.location_id).service_point_id
        change = MeterChange(point or 0, date(2026, 9, 11), Decimal(999_999), "ZX-4711")
        change_meters(live.oak.system, changes=[change], came_from="trial")
        with transaction.atomic():
            assert ("account", account.id) in find("zx-4711")
            assert ("account", account.id) not in find("M100004")
            assert "meter" in {kind for kind, _ in find("M100004")}


def test_the_keys_of_everything_can_be_written_anew(live: World) -> None:
    with scope(live.oak.utility.id), transaction.atomic():
        SearchKey.objects.filter(kind="meter").delete()
        assert find("M100004", ["meter"]) == []
        assert refresh_every_key()["meter"] == 12
        assert len(find("M100004", ["meter"])) == 1


def test_a_kind_that_a_new_version_brings_is_found_after_the_update(world: World) -> None:
    SearchKey.objects.filter(kind="meter").delete()
    assert not find("M100001", kinds=("meter",))
    assert refresh_new_kinds()
    assert find("M100001", kinds=("meter",))
    assert not refresh_new_kinds()
