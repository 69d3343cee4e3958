"""Locking the screen: the session ends, and whoever signs in next goes on where the screen was left.

There is one door for signing in, so a change of operator at the counter is counted, slowed down and asked for
a second factor like any other sign-in.
"""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.web.requests import UtilityRequest
from core.web.views import SIGNED_IN, form


@form(SIGNED_IN)
def lock(request: UtilityRequest) -> HttpResponseBase:
    """End this operator's session; the sign-in page leads back to the address in ``next``."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}) or "://" in back:
        back = "/"
    name = request.actor.name
    logout(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back, 'locked': name})}")
