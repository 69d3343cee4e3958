from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets.keyring import KeyMissing, Keyring
from core.secrets.sealing import SealBroken, Spot, key_id_of, open_at, seal_at
from customers.sealed import SSN

OLD = Keyring({"k1": b"1" * 32})
BOTH = Keyring({"k1": b"1" * 32, "k2": b"2" * 32})
ROW = uuid4()
SPOT = Spot(7, "customers_customer.ssn", ROW)


@given(st.text())
def test_what_is_sealed_opens_in_its_place(plain: str) -> None:
    assert open_at(BOTH, SPOT, seal_at(BOTH, SPOT, plain)) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        Spot(8, "customers_customer.ssn", ROW),
        Spot(7, "customers_customer.licence", ROW),
        Spot(7, "customers_customer.ssn", uuid4()),
    ],
    ids=["another utility", "another column", "another row"],
)
def test_a_sealed_value_copied_elsewhere_does_not_open(elsewhere: Spot) -> None:
    with pytest.raises(SealBroken):
        open_at(BOTH, elsewhere, seal_at(BOTH, SPOT, "078051120"))


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(seal_at(BOTH, SPOT, "078051120"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises((SealBroken, KeyMissing)):
        open_at(BOTH, SPOT, bytes(sealed))


def test_the_last_key_seals_and_older_ones_open() -> None:
    before = seal_at(OLD, SPOT, "078051120")
    assert key_id_of(seal_at(BOTH, SPOT, "078051120")) == "k2"
    assert open_at(BOTH, SPOT, before) == "078051120"


def test_a_missing_key_is_named_with_the_remedy() -> None:
    with pytest.raises(KeyMissing, match="“k2” is not among CURBSTOP_KEYS"):
        open_at(OLD, SPOT, seal_at(BOTH, SPOT, "078051120"))


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert seal_at(BOTH, SPOT, "078051120") != seal_at(BOTH, SPOT, "078051120")


def test_plain_text_is_no_sealed_value() -> None:
    with pytest.raises(SealBroken, match="not a sealed value"):
        key_id_of(b"078-05-1120")


def test_a_fingerprint_is_equal_for_equal_numbers_of_one_utility_only() -> None:
    def mark(utility_id: int, column: str, typed: str) -> bytes:
        return BOTH.fingerprint("k2", utility_id, column, SSN.normal(typed).encode())

    assert mark(7, "c.ssn", "078-05-1120") == mark(7, "c.ssn", "078 05 1120")
    assert mark(7, "c.ssn", "078051120") != mark(8, "c.ssn", "078051120")
    assert mark(7, "c.ssn", "078051120") != mark(7, "c.licence", "078051120")
    assert b"078051120" not in mark(7, "c.ssn", "078051120")
