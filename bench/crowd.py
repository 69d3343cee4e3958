"""Runs inside a measuring database: neighbours for a town, as many as wanted, by SQL.

A town of some thousand houses is settled and billed as every town is; its neighbours come by
``generate_series``: a customer, an account, a location and a meter each, with every search key that the
product itself would write (``check`` compares some hundreds with what it says).  The rows are written past
the triggers, which measure nothing here.  Surnames come as often as ranks of names do, a street has two
hundred houses.
"""

import os
import sys
from collections.abc import Sequence
from random import Random

import psycopg2
from django.db import connections, transaction
from psycopg2.extras import execute_values

import bench.ready  # noqa: F401 - sets Django up before the models below
from config.town.plan import FIRST, LAST, STREETS
from core.models import Utility
from core.search import all_search_kinds
from core.search.checking import compared
from core.search.tokens import tokens
from core.tenancy import scope
from customers.models import Account, Customer
from meters.models import Location, Meter

SURNAMES, HOUSES_A_STREET, NAMED = 6_000, 200, 2_300
SKEW = 20
"""The higher, the flatter: with 20 the first name is that of nine in a thousand, as Smith is."""

TABLES = {
    "customer": "customers_customer",
    "account": "customers_account",
    "location": "meters_location",
    "point": "meters_servicepoint",
    "meter": "meters_meter",
    "stay": "meters_installation",
}
ENDINGS = ("", "s", "son", "man", "ley", "ford", "berg", "well", "er", "ton", "field", "worth")
SYLLABLES = (
    *("al", "ber", "cor", "dal", "el", "fen", "gar", "hol", "ing", "jor", "kes", "lin", "mor", "nor"),
    *("os", "pel", "quin", "ros", "sel", "tar", "ul", "ver", "wes", "yar", "zel"),
)
KINDS = (
    *("St", "Ave", "Rd", "Ln", "Ct", "Dr", "Blvd", "Cir", "Pl", "Ter", "Trl", "Pkwy", "Way", "Loop"),
    *("Sq", "Aly", "Xing", "Cv", "Run", "Path"),
)
SIDES = ("", "N ", "S ", "E ", "W ", "NE ", "NW ", "SE ", "SW ")

_U = "(('x' || substr(md5({seed} || i), 1, 8))::bit(32)::bigint / 4294967296.0)"
"""A number from 0 to 1 for each ``i``, the same every time."""

PEOPLE = f"""
CREATE TEMP TABLE crowd AS
SELECT i AS n, %(number)s + i AS number, s.name AS street, 100 + 2 * (i %% {HOUSES_A_STREET}) AS house,
       f.word AS forename, l.word AS surname,
       '555' || lpad((i::bigint * 7919 %% 10000000)::text, 7, '0') AS phone,
       r.id AS route, r.code AS route_code, i / 20 * 10 + 100000 AS sequence
FROM generate_series(1, %(many)s) i
JOIN surnames l ON l.n =
    floor({SKEW} * ((%(surnames)s + {SKEW}) / {SKEW}.0) ^ {_U.format(seed="'l'")})::int - {SKEW}
JOIN forenames f ON f.n = floor(%(forenames)s * {_U.format(seed="'f'")})::int
JOIN streets s ON s.n = i / {HOUSES_A_STREET} %% %(streets)s
JOIN routes r ON r.n = i %% 20
"""

ROWS = (
    """INSERT INTO customers_customer (tenant_id, id, name, email, phone, mail_line_1, mail_line_2, mail_city,
        mail_state, mail_zip, mail_country, delivery_point, ssn_last4)
    SELECT %(tenant)s, %(customer)s + n, forename || ' ' || surname, '', phone, house || ' ' || street, '',
        'Bench', 'IA', '51501', 'US', '', '' FROM crowd""",
    """INSERT INTO meters_location (tenant_id, id, code, route_id, sequence, street_number, street_name,
        unit_label, city, state, zip_code, zone, in_limits)
    SELECT %(tenant)s, %(location)s + n, 'L' || number, route, sequence, house::text, street, '', 'Bench',
        'IA', '51501', '', true FROM crowd""",
    """INSERT INTO meters_servicepoint (tenant_id, id, location_id, code, service_type)
    SELECT %(tenant)s, %(point)s + n, %(location)s + n, '001', 'water' FROM crowd""",
    """INSERT INTO meters_meter (tenant_id, id, number, serial, size, brand, service_type, endpoint)
    SELECT %(tenant)s, %(meter)s + n, 'M' || number, '', '5/8', 'Badger', 'water', '9' || number
    FROM crowd""",
    """INSERT INTO meters_installation (tenant_id, id, service_point_id, meter_id, starts)
    SELECT %(tenant)s, %(stay)s + n, %(point)s + n, %(meter)s + n, '2026-09-01' FROM crowd""",
    """INSERT INTO customers_account (tenant_id, id, number, customer_id, location_id, starts, category,
        units, late_fee_exempt, cash_only, no_bill, on_hold, tax_exempt_codes, message)
    SELECT %(tenant)s, %(account)s + n, number::text, %(customer)s + n, %(location)s + n, '2026-09-01',
        'residential', 1, false, false, false, false, '[]', '' FROM crowd""",
)
# Two joins by equality: one by IN would compare each of them with every word there is.
_NAME = (
    "SELECT n, k.token FROM crowd JOIN names k ON k.word = forename"
    " UNION SELECT n, k.token FROM crowd JOIN names k ON k.word = surname"
)
_ADDRESS = (
    "SELECT n, k.token FROM crowd JOIN names k ON k.word = street UNION ALL SELECT n, house::text FROM crowd"
)
_PHONE = "SELECT n, phone FROM crowd UNION ALL SELECT n, '~' || reverse(phone) FROM crowd"
_CODE = "SELECT n, 'l' || number FROM crowd UNION ALL SELECT n, '~' || reverse(number::text) FROM crowd"
_PLACE = "SELECT n, lower(route_code) || sequence FROM crowd UNION ALL SELECT n, '@' || sequence FROM crowd"
_METER = "SELECT n, 'm' || number FROM crowd"
_OWN = "SELECT n, number::text FROM crowd"
_ENDPOINT = "SELECT n, '9' || number FROM crowd UNION ALL SELECT n, '~' || reverse('9' || number) FROM crowd"
KEYS = {
    "account": (_NAME, _ADDRESS, _PHONE, _CODE, _PLACE, _METER, _OWN),
    "customer": (_NAME, _ADDRESS, _PHONE),
    "location": (_CODE, _ADDRESS, _PLACE),
    "meter": (_METER, "SELECT n, '~' || reverse(number::text) FROM crowd", _ENDPOINT),
}
"""The keys of each kind, as the kinds of the product make them of the same words."""


def surnames() -> list[str]:
    """Surnames by rank: those of a made-up town first, then as many others as make 6,000."""
    others = (f"{a}{b}{c}".capitalize() for a in SYLLABLES for b in SYLLABLES for c in ENDINGS)
    return list(dict.fromkeys([*LAST, *others]))[:SURNAMES]


def streets() -> list[str]:
    """Streets, the numbered ones last; a name is that of two streets, as Park Ave and W Park St are."""
    names = [*STREETS, *surnames()[len(LAST) : len(LAST) + NAMED - len(STREETS)]]
    named = [f"{name} {KINDS[n % len(KINDS)]}" for n, name in enumerate(names)]
    again = [
        f"{SIDES[n % len(SIDES)]}{name} {KINDS[(7 * n + 3) % len(KINDS)]}" for n, name in enumerate(names)
    ]
    numbered = [f"{side}{n}th {kind}" for side in SIDES[:3] for n in range(20, 100) for kind in ("St", "Ave")]
    everyone = [*named, *again, *(s for s in numbered if not s.endswith(("1th", "2th", "3th")))]
    return list(dict.fromkeys(everyone))


def make(many: int) -> None:
    """Add so many neighbours to the only town of the database."""
    with psycopg2.connect(os.environ["BENCH_SUPERUSER"]) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        tenant = Utility.objects.get().id
        given = _begun(cursor, tenant)
        cursor.execute(PEOPLE, {**given, "many": many})
        for statement in ROWS:
            cursor.execute(statement, given)
        _write_keys(cursor, given)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _in_memory()


def _in_memory() -> None:
    """Have what was written on the disk, and read the indexes of the search keys once.

    As in a database that has been in service: the first reading of a page from a disk takes as long as a
    hundred from memory, and a million accounts have 3.6 GB of these indexes.
    """
    connection = psycopg2.connect(os.environ["BENCH_SUPERUSER"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_sort = off")
        for order in ("kind, token, ref", "kind, ref, token"):
            keys = f"SELECT FROM core_searchkey ORDER BY tenant_id, {order} OFFSET 0"
            cursor.execute(f"SELECT count(*) FROM ({keys}) each_once")
    connection.close()


def _begun(cursor: psycopg2.extensions.cursor, tenant: int) -> dict[str, int]:
    """The lists that people are drawn from, and the ids after which theirs come."""
    lists = {"surnames": surnames(), "forenames": list(FIRST), "streets": streets()}
    for name, words in lists.items():
        column = "name" if name == "streets" else "word"
        cursor.execute(f"CREATE TEMP TABLE {name} (n int PRIMARY KEY, {column} text)")
        execute_values(cursor, f"INSERT INTO {name} VALUES %s", list(enumerate(words)))
    cursor.execute("CREATE TEMP TABLE names (word text, token text)")
    keys = [(word, key) for words in lists.values() for word in words for key in tokens(word)]
    execute_values(cursor, "INSERT INTO names VALUES %s", keys)
    cursor.execute(
        "CREATE TEMP TABLE routes AS SELECT (row_number() OVER (ORDER BY id) - 1)::int AS n, id, code"
        " FROM meters_route"
    )
    cursor.execute("ANALYZE surnames; ANALYZE streets; ANALYZE names")
    given = {"tenant": tenant, **{name: len(words) for name, words in lists.items()}}
    for name, table in TABLES.items():
        given[name] = _one(cursor, f"SELECT coalesce(max(id), 0) FROM {table}")
    given["number"] = _one(cursor, "SELECT max(number::bigint) FROM customers_account")
    return given


def _one(cursor: psycopg2.extensions.cursor, statement: str) -> int:
    cursor.execute(statement)
    ((value,),) = cursor.fetchall()
    return int(value)


def _write_keys(cursor: psycopg2.extensions.cursor, given: dict[str, int]) -> None:
    """All keys, the indexes they are asked by made anew afterwards."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'core_searchkey'"
        " AND indexname LIKE 'search%'"
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for kind, parts in KEYS.items():
        for part in parts:
            cursor.execute(
                "INSERT INTO core_searchkey (tenant_id, kind, ref, token)"
                f" SELECT %(tenant)s, '{kind}', %({kind})s + n, token FROM ({part}) k (n, token)",
                given,
            )
    for _, statement in indexes:
        cursor.execute(statement)


def check(count: int) -> None:
    """Whether the keys of so many rows drawn of each kind are those that the product would write."""
    draw = Random(1)
    with scope(Utility.objects.get().id), transaction.atomic():
        for code, model in (
            ("account", Account),
            ("customer", Customer),
            ("location", Location),
            ("meter", Meter),
        ):
            last = model.objects.latest("id").id
            refs = draw.sample(range(1, last + 1), min(count, last))
            there = list(model.objects.filter(id__in=refs).values_list("id", flat=True))
            for _, words in compared(all_search_kinds()[code], there):
                raise SystemExit(words)


def wanted() -> None:
    """What clerks type, a line of each kind, parts divided by ``|``: of rows drawn all over the town."""
    draw = Random(2)
    with scope(Utility.objects.get().id), transaction.atomic():
        last = Account.objects.latest("id").id
        rows = list(
            Account.objects.filter(id__in=draw.sample(range(1, last + 1), min(3000, last))).values_list(
                "number", "customer__name", "customer__phone", "location__street_number",
                "location__street_name",
            )
        )  # fmt: skip
        installed = Meter.objects.filter(id__in=draw.sample(range(1, Meter.objects.latest("id").id), 500))
        meters = list(installed.values_list("number", flat=True))
        billed = list(Account.objects.order_by("id").values_list("number", flat=True)[:1000])
    typed: dict[str, list[str]] = {
        "search_number": [number for number, *_ in rows],
        "search_last_digits": [number[-5:] for number, *_ in rows],
        "search_phone_end": [phone[-4:] for _, _, phone, *_ in rows if phone],
        "search_meter_end": [number[-5:] for number in meters],
        "search_name": [name for _, name, *_ in rows],
        "search_surname": [name.split()[-1] for _, name, *_ in rows],
        "search_address": [f"{house} {street}" for *_, house, street in rows],
        "search_street_and_name": [f"{street} {name.split()[-1]}" for _, name, _, _, street in rows],
        "search_rare_and_common": [f"st {number}" for number, *_ in rows],
        "search_two_common": [f"{name.split()[0]} main st" for _, name, *_ in rows],
        "account_page": billed,
    }
    for kind, words in typed.items():
        print("|".join([kind, *words]))


def main(step: str, numbers: Sequence[int]) -> None:
    """One step, in a program of its own."""
    if step == "make":
        make(*numbers)
    elif step == "check":
        check(*numbers)
    else:
        wanted()


if __name__ == "__main__":
    main(sys.argv[1], [int(n) for n in sys.argv[2:]])
