"""Sample figures for the gallery: an invented town, its clerks and one month of its work."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path

from scripts.gallery_samples.account import account
from scripts.gallery_samples.frame import Sample, shell
from scripts.gallery_samples.pieces import kit
from scripts.gallery_samples.town import account_rows, home, list_page
from scripts.gallery_samples.work import Code, SignIn, job_page, policies, policy, run


def nowhere(request: HttpRequest) -> HttpResponse:
    """Only its address is used."""
    return HttpResponse()


urlpatterns = [
    path("sign-out/", nowhere, name="account_logout"),
    path("sign-in/", nowhere, name="account_login"),
]


_PAGES: tuple[tuple[str, str, str, Callable[[], dict[str, Any]]], ...] = (
    ("home", "home.html", "/", home),
    ("list", "list.html", "/accounts/", lambda: list_page(account_rows())),
    ("list-empty", "list.html", "/accounts/", lambda: list_page([])),
    ("account", "object.html", "/accounts/4/", account),
    ("run", "run.html", "/runs/118/", run),
    ("job", "job.html", "/jobs/501/", job_page),
    ("job-live", "ui/job_live.html", "/jobs/501/live/", job_page),
    ("policies", "policies.html", "/policies/", policies),
    ("policy", "policy.html", "/policies/one/", policy),
    (
        "sign-in",
        "account/login.html",
        "/sign-in/",
        lambda: {"shell": shell("", signed_in=False), "form": SignIn()},
    ),
    (
        "sign-in-wrong",
        "account/login.html",
        "/sign-in/",
        lambda: {"shell": shell("", True, False), "form": SignIn(QueryDict("login=dana"))},
    ),
    (
        "second-step",
        "mfa/authenticate.html",
        "/code/",
        lambda: {"shell": shell("", signed_in=False), "form": Code()},
    ),
    (
        "locked-out",
        "account/locked_out.html",
        "/sign-in/",
        lambda: {"shell": shell("", signed_in=False), "cooloff_time": "30 minutes"},
    ),
    ("404", "404.html", "/x/", dict),
    ("403", "403.html", "/x/", dict),
    ("500", "500.html", "/x/", dict),
    ("kit", "gallery/kit.html", "/", kit),
)


def samples() -> list[Sample]:
    """Every page of the gallery."""
    return [Sample(name, template, address, context()) for name, template, address, context in _PAGES]
