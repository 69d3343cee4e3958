"""Rates on the home page: drafts that wait for a second person."""

from datetime import date, datetime

from django.urls import reverse

from core.actors import Actor
from core.home import HomePart, Told, Waiting
from rates.operations import writers_of
from rates.queries import wait_for_a_second_person


def _drafts(actor: Actor, today: date, now: datetime) -> Told:
    return Told(
        waiting=[
            Waiting(
                f"Rate {v.table.code}",
                f"A version from {v.starts:%b %-d, %Y} waits to be put in force",
                "pending",
                v.made_at,
                reverse("rates:version", args=[v.table.code, v.id]),
            )
            for v in wait_for_a_second_person()
            if actor.ref not in writers_of(v)
        ]
    )


HOME = (HomePart("rates", 50, "rates.activate", _drafts),)
