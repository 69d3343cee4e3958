"""The decorators of every view.

``@page("rates.view")`` is a GET: one read-only transaction around the view and its template.
``@form("rates.edit", again=rates)`` is a POST: no transaction, the operation opens its own; what it
refuses is shown on the page ``again``, at the field, with what was typed.  A page that is posted to at
its own address takes ``@rates.posted("rates.edit")``.  ``@public`` needs no sign-in.

Every view carries ``permissions`` (method to right), read by the table of routes.
"""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse

from core import acting
from core.actors import Actor
from core.errors import NotAllowed, NotFound, Refused
from core.reading import read_only
from core.seen import Stale
from core.web.requests import UtilityRequest, is_htmx, utility_of
from core.web.stale import show_changes

View = Callable[..., HttpResponseBase]
F = TypeVar("F", bound=BaseForm)
R = TypeVar("R")

SIGNED_IN = ""
"""The right that everybody has who works for the utility."""

KEY_FIELD = "idempotency_key"


class NotValid(Refused):
    """What was typed cannot be read; the form says where."""

    def __init__(self, form: BaseForm) -> None:
        super().__init__("Some entries cannot be used.", "Put right what is marked and send the form again.")
        self.form = form


def checked(request: UtilityRequest, form: F) -> F:
    """The form with its clean values; raises ``NotValid`` otherwise.

    It is kept on the request, so that a refusal by the operation lands at its fields.
    """
    request.form = form
    if not form.is_valid():
        raise NotValid(form)
    return form


def shown(request: UtilityRequest, make: Callable[[], F]) -> F:
    """The form for the page: the one that was refused, with what was typed, or a new one."""
    refused = request.form
    return cast(F, refused) if refused is not None else make()


def form_key(request: UtilityRequest) -> str:
    """The idempotency key that the form was opened with; raises ``Refused`` when it has none."""
    key = request.POST.get(KEY_FIELD, "")
    if not 8 <= len(key) <= 100:
        raise Refused("The form came without its key.", "Reload the page and send it again.")
    return key


def perform(request: UtilityRequest, do: Callable[..., R], **what: Any) -> R:
    """One operation by the actor of the request, under the key its form was opened with."""
    return do(request.actor, key=form_key(request), **what)


def fresh_key(request: UtilityRequest) -> str:
    """The key for a form that is being shown: the one it came back with, or a new one."""
    return request.POST.get(KEY_FIELD, "") or str(uuid.uuid4())


def actor_now(request: HttpRequest) -> Actor | None:
    """Who is signed in, with their rights here; looked up once for each request."""
    if not hasattr(request, "actor"):
        operator_id = request.user.pk if request.user.is_authenticated else None
        with read_only():
            found = acting.operator_actor(operator_id) if operator_id else None
        request.actor = found  # type: ignore[attr-defined]  # declared by UtilityRequest
    return cast("Actor | None", request.actor)  # type: ignore[attr-defined]  # declared by UtilityRequest


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back again."""
    if is_htmx(request):
        back = redirect_to_login(request.headers.get("HX-Current-URL", "/"), settings.LOGIN_URL)
        return HttpResponse(status=204, headers={"HX-Redirect": back["Location"]})
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page of a refusal that has no form to go back to."""
    context = {"refused": refused, "exception": refused.problem}
    template = {403: "settings/not_allowed.html", 404: "404.html"}.get(
        refused.status, "settings/refused.html"
    )
    return render(request, template, context, status=refused.status)


class Unreadable(Refused):
    """A request that no browser sends by itself."""

    status = 400


def _has_nul(request: HttpRequest) -> bool:
    """Whether the address, the query or a field holds the character that no text in the database may hold."""
    given = (text for sent in (request.GET, request.POST) for _, texts in sent.lists() for text in texts)
    return "\0" in request.path_info or any("\0" in str(text) for text in given)


def _admit(request: HttpRequest, permission: str) -> UtilityRequest | HttpResponse:
    """The request with its actor, or the answer to one who may not."""
    if utility_of(request) is None:
        raise Http404("No utility")
    if not request.user.is_authenticated:
        return sign_in_first(request)
    if _has_nul(request):
        return refusal(request, Unreadable("The request holds a character that is none.", "Type it again."))
    actor = actor_now(request)
    if actor is None:
        # Somebody of another utility: nothing exists here for them.
        raise Http404("Not a member of this utility")
    if permission and not actor.may(permission):
        return refusal(request, lacks(actor, permission))
    admitted = cast(UtilityRequest, request)
    admitted.refused, admitted.form = None, None
    return admitted


def lacks(actor: Actor, permission: str) -> NotAllowed:
    """The refusal of an actor without a right, in the right's own words."""
    from core.permissions import all_permissions

    named = all_permissions().get(permission)
    what = named.label if named else permission
    return NotAllowed(
        f"{actor.name} does not have the right “{what}”.", "Ask an administrator for a role that has it."
    )


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response


def _read(do: View, request: HttpRequest, permission: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """One read-only transaction around a view, its template included."""
    request.user.is_authenticated  # noqa: B018  # loads the session before the transaction begins
    if utility_of(request) is None:
        raise Http404("No utility")
    with read_only():
        admitted = _admit(request, permission)
        if isinstance(admitted, HttpResponse):
            return admitted
        try:
            return _rendered(do(admitted, *args, **kwargs))
        except (NotFound, ObjectDoesNotExist) as problem:
            raise Http404(str(problem)) from problem
        except Refused as refused:
            return refusal(request, refused)


def _write(
    do: View, again: View | None, request: HttpRequest, permission: str, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """A view that calls one operation; what is refused is shown on the page it came from."""
    admitted = _admit(request, permission)
    if isinstance(admitted, HttpResponse):
        return admitted
    try:
        return do(admitted, *args, **kwargs)
    except (NotFound, ObjectDoesNotExist) as problem:
        raise Http404(str(problem)) from problem
    except NotAllowed as refused:
        return refusal(request, refused)
    except Refused as refused:
        if again is None:
            return refusal(request, refused)
        return _shown_again(again, admitted, refused, *args, **kwargs)


def _shown_again(
    again: View, request: UtilityRequest, refused: Refused, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The page it was sent from, with the refusal on it; where that cannot be shown, the refusal alone."""
    _mark(request, refused)
    try:
        with read_only():
            response = _rendered(again(request, *args, **kwargs))
    except (NotFound, ObjectDoesNotExist) as problem:
        raise Http404(str(problem)) from problem
    except Refused:
        return refusal(request, refused)
    response.status_code = refused.status
    return response


def _mark(request: UtilityRequest, refused: Refused) -> None:
    """Put the refusal at its field, or at the head of the form."""
    request.refused = refused
    form = request.form
    if form is not None and isinstance(refused, Stale):
        show_changes(form, refused)
    elif form is not None and not isinstance(refused, NotValid):
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))


class Routed:
    """A view with its rights: called by Django like a function."""

    public = False

    def __init__(self, shown_by: View) -> None:
        # The name and the marks of the view, such as that it needs no token.
        self.__dict__.update(getattr(shown_by, "__dict__", {}))
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(self, name, getattr(shown_by, name, ""))
        self.do = shown_by
        self.permissions: dict[str, str] = {}
        self._posted: View | None = None

    def allowed(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to a method that the view does not have."""
        methods = [*self.permissions, *(["HEAD"] if "GET" in self.permissions else [])]
        if request.method in methods:
            return None
        # Somebody reloads the answer of a form: the page says where to go on.
        return HttpResponseNotAllowed(methods, render_to_string("settings/not_here.html", request=request))


class Page(Routed):
    """A page, and perhaps what is posted to its address."""

    def __init__(self, permission: str, shown_by: View) -> None:
        super().__init__(shown_by)
        self.permissions["GET"] = permission

    def posted(self, permission: str) -> Callable[[View], View]:
        """The view of a POST to this address; a refusal shows the page again."""

        def decorate(do: View) -> View:
            self.permissions["POST"], self._posted = permission, do
            return do

        return decorate

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page or take what was posted."""
        refused = self.allowed(request)
        if refused is not None:
            return refused
        if request.method == "POST" and self._posted is not None:
            return _write(self._posted, self.do, request, self.permissions["POST"], *args, **kwargs)
        return _read(self.do, request, self.permissions["GET"], *args, **kwargs)


class Form(Routed):
    """What is posted to an address without a page of its own."""

    def __init__(self, permission: str, do: View, again: View | None) -> None:
        super().__init__(do)
        self.permissions["POST"] = permission
        self.again = again.do if isinstance(again, Routed) else again

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take what was posted."""
        refused = self.allowed(request)
        if refused is not None:
            return refused
        return _write(self.do, self.again, request, self.permissions["POST"], *args, **kwargs)


class Public(Routed):
    """A view that needs no sign-in; it opens its own transaction if it reads a utility's rows."""

    public = True

    def __init__(self, shown_by: View, methods: tuple[str, ...]) -> None:
        super().__init__(shown_by)
        self.permissions = dict.fromkeys(methods, SIGNED_IN)

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it to anybody."""
        return self.allowed(request) or self.do(request, *args, **kwargs)


def page(permission: str) -> Callable[[View], Page]:
    """A page for those who hold the right (``SIGNED_IN``: everybody who works here)."""
    return lambda view: Page(permission, view)


def form(permission: str, again: View | None = None) -> Callable[[View], Form]:
    """A POST for those who hold the right; ``again`` is the page that shows a refusal."""
    return lambda view: Form(permission, view, again)


def public(*methods: str) -> Callable[[View], Public]:
    """A view for anybody, by the methods named (GET without any)."""
    return lambda view: Public(view, methods or ("GET",))


class Own(Routed):
    """A page about oneself, of the sign-in library: it reads and writes global tables only."""

    def __init__(self, shown_by: View) -> None:
        super().__init__(shown_by)
        self.permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it to whoever is signed in."""
        refused = self.allowed(request)
        if refused is not None:
            return refused
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if utility_of(request) is not None and actor_now(request) is None:
            raise Http404("Not a member of this utility")
        return self.do(request, *args, **kwargs)


def own(view: View) -> Own:
    """A page about oneself for everybody who is signed in, also on the bare host."""
    return Own(view)
