"""The one search: accounts, numbers, scanned codes, pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from core.actors import Actor
from core.app_lists import gather
from core.find import Command, Numbered
from core.search import Result, all_search_kinds, answers
from core.search.tokens import plain
from core.ui.context import PLACES
from core.ui.statuses import LOOKS
from core.web.requests import UtilityRequest, is_htmx
from core.web.views import SIGNED_IN, page

IN_BOX = 6
ON_PAGE = 25


@dataclass(frozen=True, slots=True)
class Option:
    """An answer of the search as the box and the page show it."""

    icon: str
    title: str
    note: str
    url: str
    aside: str = ""
    because: str = ""


@page(SIGNED_IN)
def search(request: UtilityRequest) -> HttpResponseBase:
    """Answers to ``?q=``: a list below the box, or the whole page.

    A scanned code, and a text with one answer alone, leads straight there.
    """
    typed = request.GET.get("q", "").strip()
    boxed = is_htmx(request)
    scanned = _scanned(request.actor, typed)
    if scanned and not boxed:
        return redirect(scanned[0].url)
    groups = _groups(request.actor, typed, IN_BOX if boxed else ON_PAGE)
    found = [option for name, options in groups if name != "Go to" for option in options]
    if typed and len(found) == 1 and not boxed:
        return redirect(found[0].url)
    context = {"groups": groups, "query": typed, "total": len(found), "most": ON_PAGE}
    return TemplateResponse(request, "ui/search_results.html" if boxed else "search/search.html", context)


def _groups(actor: Actor, typed: str, limit: int) -> list[tuple[str, list[Option]]]:
    groups: list[tuple[str, list[Option]]] = []
    seen: set[str] = set()
    if typed:
        for numbered in _numbered(actor):
            groups.append((numbered.label, _options(numbered.find(typed), numbered.icon, seen)))
        kinds = {code: kind for code, kind in all_search_kinds().items() if actor.may(kind.permission)}
        found = answers(typed, list(kinds), limit)
        for code, kind in kinds.items():
            groups.append((kind.label, _options([r for r in found if r.kind == code], kind.icon, seen)))
    groups.append(("Go to", _commands(actor, typed)))
    merged: dict[str, list[Option]] = {}
    for name, options in groups:
        merged.setdefault(name, []).extend(options)
    return [(name, options) for name, options in merged.items() if options]


def _numbered(actor: Actor) -> list[Numbered]:
    return [n for n in gather("find", "NUMBERED") if not n.permission or actor.may(n.permission)]


def _scanned(actor: Actor, typed: str) -> list[Option]:
    for numbered in _numbered(actor):
        if numbered.straight(typed):
            return _options(numbered.find(typed), numbered.icon, set())
    return []


def _options(results: Sequence[Result], icon: str, seen: set[str]) -> list[Option]:
    """Answers as options, each address once; one whose page does not exist is left out."""
    options = []
    for result in results:
        try:
            url = reverse(result.route, args=result.args)
        except NoReverseMatch:
            continue
        if url in seen:
            continue
        seen.add(url)
        aside = LOOKS[result.state].word if result.state in LOOKS else ""
        options.append(Option(icon, result.title, result.detail, url, aside, result.because))
    return options


def _commands(actor: Actor, typed: str) -> list[Option]:
    """Pages whose name, or another name of it, has every word typed at the beginning of one of its words."""
    wanted = plain(typed).split()
    places = [Command(p.name, p.path, p.icon, p.permission) for p in PLACES]
    listed: dict[str, Command] = {c.url: c for c in [*places, *gather("find", "COMMANDS")]}
    options = []
    for command in listed.values():
        if command.permission and not actor.may(command.permission):
            continue
        words = plain(f"{command.label} {command.words}").split()
        if all(any(word.startswith(w) for word in words) for w in wanted):
            options.append(Option(command.icon, command.label, "", command.url, "page"))
    return options
