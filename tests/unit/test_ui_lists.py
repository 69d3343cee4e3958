"""The address of a list, and what it may say."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from core.ui.columns import Column, cell, reach
from core.ui.lists import ListPage, address, chosen_columns, one_of, sorting
from core.ui.objects import NoSuchTab, Slot, compose, slots_of
from core.ui.parts import Alert, Fact, Verb

COLUMNS = (
    Column("number", "Account", sort="number"),
    Column("balance", "Balance", kind="amount", sort="balance"),
    Column("phone", "Telephone", chosen=False),
)
PAGE = ListPage(name="accounts", title="Accounts", columns=COLUMNS, rows=lambda request: None, order="number")  # type: ignore[arg-type, return-value]  # rows are not asked for here


def test_an_address_changes_one_thing_and_keeps_the_rest() -> None:
    assert address(QueryDict("q=mill&page=3"), page=None, sort="-balance") == "?q=mill&sort=-balance"


def test_columns_are_shown_as_chosen_in_the_order_of_the_page() -> None:
    assert [c.name for c in chosen_columns(PAGE, QueryDict("cols=phone&cols=number"))] == ["number", "phone"]
    assert [c.name for c in chosen_columns(PAGE, QueryDict())] == ["number", "balance"]


def test_only_declared_columns_sort() -> None:
    assert sorting(PAGE, QueryDict("sort=-balance")) == "-balance"
    assert sorting(PAGE, QueryDict("sort=password")) == ""
    assert sorting(PAGE, QueryDict("sort=phone")) == ""


def test_a_path_through_something_missing_is_nothing() -> None:
    assert reach({"account": None}, "account.number") is None


def test_a_cell_is_escaped_and_linked() -> None:
    column = Column("name", "Name", href=lambda row: '/a/?"x')
    shown = cell(column, SimpleNamespace(name="<script>"))
    assert "<script>" not in shown.html
    assert 'href="/a/?&quot;x"' in shown.html


def _slot(kind: str, name: str, order: int, **more: object) -> Slot:
    made = {"header": [Fact(name)], "alert": [Alert(name)], "verb": [Verb(name, "/")], "tab": None}[kind]
    return Slot("account", kind, name, order, lambda request, subject: made, **more)  # type: ignore[arg-type]  # kinds are written out in the tests


def test_slots_stand_in_their_order_whoever_declared_them() -> None:
    request = RequestFactory().get("/")
    slots = (_slot("alert", "late", 20), _slot("alert", "cash only", 10), _slot("verb", "pay", 1))
    page = compose("account", request, object(), slots=slots)
    assert [a.title for a in page.alerts] == ["cash only", "late"]
    assert [v.label for v in page.verbs] == ["pay"]


def test_a_slot_of_another_page_or_without_the_right_is_left_out() -> None:
    request = RequestFactory().get("/")
    request.actor = SimpleNamespace(may=lambda right: right == "pay")  # type: ignore[attr-defined]  # set by the middleware
    slots = (_slot("verb", "pay", 1, permission="pay"), _slot("verb", "write off", 2, permission="write off"))
    assert [s.name for s in slots_of("account", request, slots)] == ["pay"]
    assert slots_of("meter", request, slots) == []


def test_an_unknown_tab_is_refused() -> None:
    request = RequestFactory().get("/")
    with pytest.raises(NoSuchTab, match="secrets"):
        compose("account", request, object(), tab="secrets", slots=())


@pytest.mark.parametrize(("several", "one"), [("cycles", "cycle"), ("entries", "entry"), ("rows", "row")])
def test_a_list_of_one_says_so(several: str, one: str) -> None:
    assert one_of(several) == one
