"""The session: staying signed in, choosing a utility, a first password, whether the site is alive."""

from django.contrib.auth.views import PasswordResetConfirmView
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse_lazy

from core.models import Answer, Membership
from core.web.requests import UtilityRequest
from core.web.views import SIGNED_IN, page, public


@page(SIGNED_IN)
def stay(request: UtilityRequest) -> HttpResponseBase:
    """Begin the time before sign-out anew."""
    request.session.modified = True
    return JsonResponse({"seconds": request.session.get_expiry_age()})


@page(SIGNED_IN)
def outcome(request: UtilityRequest) -> HttpResponseBase:
    """What became of a form whose answer never came, by its idempotency key.

    ``unknown`` also while it is still at work: nothing of it is visible before it is whole, and sending
    the form again waits for it.
    """
    key = request.GET.get("key", "")
    done = Answer.objects.filter(caller=request.actor.ref, key=key).exists() if key else False
    return JsonResponse({"state": "done" if done else "unknown"})


@public("GET")
def choose(request: UtilityRequest) -> HttpResponseBase:
    """The bare host: the utilities of who is signed in; to anybody else it names none."""
    mine: list[dict[str, str]] = []
    if request.user.is_authenticated:
        rows = Membership.objects.select_related("utility").filter(operator_id=request.user.pk)
        for one in rows.exclude(role_code="").order_by("utility__name"):
            address = f"{request.scheme}://{one.utility.slug}.{request.get_host()}/"
            mine.append({"name": one.utility.name, "address": address})
    return TemplateResponse(request, "settings/choose.html", {"utilities": mine})


@public("GET")
def health(request: UtilityRequest) -> HttpResponseBase:
    """Alive, and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"state": "ok"})


welcome = public("GET", "POST")(
    PasswordResetConfirmView.as_view(
        template_name="account/welcome.html", success_url=reverse_lazy("account_login")
    )
)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A POST without its token: the page was opened before signing in, or comes from elsewhere."""
    return render(request, "403_csrf.html", status=403)
