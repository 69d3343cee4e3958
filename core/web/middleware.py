"""Which utility a request is for.

The host says it: ``slug.<site host>`` or a row of ``Domain``.  The scope of that utility is entered for
the whole request; no transaction is opened here, since one opened around a response would be committed
after an error page was already made.
"""

from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port
from django.template.loader import render_to_string
from django.utils import timezone

from core.models import Domain, Utility
from core.tenancy import scope

SESSION_HOST = "host"
BARE_HOSTS = frozenset({"127.0.0.1", "[::1]"})


def host_name(request: HttpRequest) -> str:
    """The host without port, in small letters; raises ``DisallowedHost`` for one the site does not serve."""
    return split_domain_port(request.get_host())[0].lower()


def utility_at(host: str) -> Utility | None:
    """The utility that a host name leads to."""
    slug, _, rest = host.partition(".")
    if rest == settings.SITE_HOST:
        return Utility.objects.filter(slug=slug).first()
    found = Domain.objects.select_related("utility").filter(host=host).first()
    return found.utility if found else None


def bind_session(request: HttpRequest, host: str) -> None:
    """Hold a session to the host it began on; carried to another host it is nobody's."""
    if request.user.is_authenticated and request.session.setdefault(SESSION_HOST, host) != host:
        request.user = AnonymousUser()
        request.session = type(request.session)()


class UtilityMiddleware:
    """Sets ``request.utility`` (``None`` on the bare host, which has addresses of its own)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the utility's scope and time zone; an unknown host is a page not found."""
        host = host_name(request)
        bare = host == settings.SITE_HOST or host in BARE_HOSTS
        utility = None if bare else utility_at(host)
        request.utility = utility  # type: ignore[attr-defined]  # declared by UtilityRequest
        if utility is None and not bare:
            return HttpResponseNotFound(render_to_string("settings/no_utility.html", {"host": host}))
        bind_session(request, host)
        with ExitStack() as around:
            if utility is None:
                request.urlconf = settings.BARE_URLCONF
            else:
                around.enter_context(scope(utility.id))
                around.enter_context(timezone.override(utility.tz))
            response = self.get_response(request)
        if not response.streaming:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
