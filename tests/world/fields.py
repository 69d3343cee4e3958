"""Fields of a file, each sent by its form and by the API, read back whole, and refused when too long.

A test declares a ``Desk`` (where the form and the endpoint are) and its ``Field``s, and calls the four
checks; a field that is cut off in silence anywhere fails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tests.world.desk import key_of
from tests.world.partners import Partner


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its name in form and API, and how long it may be.

    ``sample`` is of full length; without one it is made of letters.  ``shown`` is what the form shows again
    when that is not what was typed (a masked number, an empty field).  ``asks`` are other fields that go
    along.
    """

    name: str
    length: int
    sample: str = ""
    shown: str | None = None
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """A text of full length whose last letter is like no other in it, so that a cut shows."""
        made = self.sample or ("Abcdefghij" * self.length)[: self.length - 1] + "Z"
        assert len(made) == self.length, f"the sample of {self.name} is not of full length"
        return made

    @property
    def longer(self) -> str:
        """One character too many."""
        return f"{self.full}9"

    @property
    def read(self) -> str:
        """What is read back."""
        return self.full if self.shown is None else self.shown


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a file is changed: the form's address and the endpoint's path under ``/api/v1/``.

    ``inside`` is the key of the file in the endpoint's answer, when it is not the answer itself.
    ``first`` is sent before, so that a part that is empty at first can be changed field by field.
    """

    form: str
    api: str
    method: str = "PATCH"
    inside: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)


def on_form(page: Any) -> dict[str, str]:
    """What a form holds as it is shown, as a browser would send it again."""
    held = {bound.html_name: bound.value() for bound in page.context["form"]}
    return {
        name: "on" if value is True else str(value)
        for name, value in held.items()
        if str(value) not in ("", "None", "False")
    }


def sent(client: Client, address: str, **typed: Any) -> Any:
    """The form as it is shown with these fields typed anew, sent; ``None`` leaves a field out."""
    page = client.get(address)
    assert page.status_code == 200, page.content
    body = {**on_form(page), **typed}
    key = key_of(page)
    return client.post(address, {"idempotency_key": key, **{k: v for k, v in body.items() if v is not None}})


def kept_by_form(client: Client, desk: Desk, one: Field) -> None:
    """The full length is taken by the form and shown again as it was typed."""
    answer = sent(client, desk.form, **{**desk.first, **one.asks, one.name: one.full})
    assert answer.status_code == 302, wrong_on(answer)
    page = client.get(desk.form)
    assert str(page.context["form"][one.name].value() or "") == one.read
    if one.shown is not None:
        assert one.full not in page.content.decode()


def refused_by_form(client: Client, desk: Desk, one: Field) -> None:
    """One character more is refused at the field, with what to do, and nothing is kept."""
    answer = sent(client, desk.form, **{**desk.first, **one.asks, one.name: one.longer})
    assert answer.status_code == 422
    assert re.search(r"\d|one of", wrong_on(answer)[one.name]), wrong_on(answer)
    assert one.longer not in client.get(desk.form).content.decode()


def wrong_on(answer: Any) -> dict[str, str]:
    """What a form says at its fields."""
    context = answer.context or {}
    form = context.get("form") if hasattr(context, "get") else None
    return {} if form is None else {name: " ".join(map(str, told)) for name, told in form.errors.items()}


def kept_by_api(partner: Partner, desk: Desk, one: Field, told: tuple[str, str] | None = None) -> None:
    """The full length is taken by the endpoint and told again; ``told`` names what is told of it instead."""
    body = {**desk.first, **one.asks, one.name: one.full}
    answer = partner.ask(desk.method, desk.api, body)
    assert answer.status_code in (200, 201), answer.content
    found = partner.get(desk.api)
    row = found[desk.inside] if desk.inside else found
    name, value = told or (one.name, one.full)
    assert row[name] == value


def refused_by_api(partner: Partner, desk: Desk, one: Field) -> None:
    """One character more is refused, naming the field, and nothing is kept."""
    answer = partner.ask(desk.method, desk.api, {**desk.first, **one.asks, one.name: one.longer})
    assert answer.status_code in (400, 422), answer.content
    assert [e["field"] for e in answer.json()["errors"]] == [one.name]
