"""Every list of the screens and the interface: sorted by each heading, asked by each filter, made a file."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import connections, transaction
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from core.models import Utility
from core.tenancy import scope
from core.ui.lists import ListPage
from core.web.route_table import Route, all_routes
from tests.world.bodies import Facts
from tests.world.databases import Databases
from tests.world.routes import Asker, address, prepared
from tests.world.towns import OAK, Town, meet

PAGES = [route for route in all_routes() if route.method == "GET" and not route.public]


@pytest.fixture(scope="module")
def ours(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Town, Facts]]:
    """Oak with one of everything, for what changes nothing."""
    with django_db_blocker.unblock():
        databases.create("lists", "template")
        databases.use("lists")
        oak = meet(OAK, Utility.objects.get(slug=OAK.slug))
        yield oak, prepared(oak, "OAK-", 0)
        connections.close_all()
        databases.drop("lists")


def typed(field: forms.Field) -> str:
    """Something that the filter's box takes."""
    choices = [
        str(key) for key, words in getattr(field, "choices", ()) if key and not isinstance(words, list)
    ]
    if choices:
        return choices[0]
    if isinstance(field, forms.DateTimeField):
        return "2026-09-10 08:00"
    if isinstance(field, forms.DateField):
        return "2026-09-10"
    if isinstance(field, forms.TimeField):
        return "08:00"
    if isinstance(field, forms.IntegerField | forms.DecimalField):
        return "1"
    return "true" if isinstance(field, forms.BooleanField | forms.NullBooleanField) else "a 1"


def boxes(filters: Any, town: Town) -> Mapping[str, str]:
    """For each box of a list's filters, what is typed into it."""
    with scope(town.utility.id), transaction.atomic():
        return {name: typed(field) for name, field in filters(data={}).form.fields.items()}


def asked_in_every_way(page: ListPage, town: Town) -> list[Mapping[str, str]]:
    """Each heading, down; each filter by itself and all together; both files."""
    filters = [{name: value} for name, value in boxes(page.filters, town).items()] if page.filters else []
    together = {name: value for each in filters for name, value in each.items()}
    headings = [{"sort": f"-{column.name}"} for column in page.columns if column.sort]
    return [*headings, *filters, together, {"export": "csv"}, {"export": "xlsx"}]


@pytest.mark.req("SYS-06")
def test_each_list_sorts_by_its_headings_answers_its_filters_and_becomes_a_file(
    ours: tuple[Town, Facts],
) -> None:
    oak, facts = ours
    browser, lists, broken = Asker(oak.client("admin")), 0, []
    for route in PAGES:
        if route.is_api or route.own_page:
            continue
        path = address(route, facts).partition("?")[0]
        page = (browser.answer.context or {}).get("page") if browser.ask(route, path) == 200 else None
        if isinstance(page, ListPage):
            lists += 1
            broken += faults(browser, route, path, asked_in_every_way(page, oak))
    assert broken == []
    assert lists > 40


@pytest.mark.req("SYS-03", "SYS-06")
def test_each_list_of_the_interface_answers_its_filters(ours: tuple[Town, Facts]) -> None:
    oak, facts = ours
    partner, lists, broken = Asker(Client(HTTP_HOST=oak.host), facts["partner"].key), 0, []
    for route in PAGES:
        path = address(route, facts)
        filters = getattr(resolve(path.partition("?")[0]).func, "cls", None)
        filters = getattr(filters, "filterset_class", None)
        if route.is_api and filters:
            lists += 1
            each = boxes(filters, oak)
            broken += faults(partner, route, path, [{name: value} for name, value in each.items()])
    assert broken == []
    assert lists > 30


def faults(asker: Asker, route: Route, path: str, ways: list[Mapping[str, str]]) -> list[str]:
    """What was answered otherwise than with the list, or with a form that did not take what was typed."""
    told = []
    for way in ways:
        status = asker.ask(route, f"{path}?{urlencode(way)}")
        context = asker.answer.context if status == 200 and not route.is_api else None
        wrong = context["form"].errors if context and "form" in context and context["form"] else ""
        told += [f"{route.path} {way}: {status} {wrong}"] if status != 200 or wrong else []
    return told
