"""Signing in: what the site decides where the sign-in library asks."""

import base64
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.models import Membership, Operator
from core.web.middleware import SESSION_HOST, host_name
from core.web.requests import utility_of


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The sign-in name for counting failures: in small letters, so that MARY and mary are one."""
    given = (credentials or {}).get("username") or (credentials or {}).get("login")
    return str(given or request.POST.get("login", "")).strip().lower()[:64]


def locked_out(request: HttpRequest, original: HttpResponse | None, credentials: Any = None) -> HttpResponse:
    """The page of a name that was tried wrongly too often from one address."""
    return render(request, "account/locked_out.html", {"cooloff_time": "half an hour"}, status=429)


class SignInAdapter(DefaultAccountAdapter):
    """No sign-up; failures are counted on name and address together; the session belongs to the host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Operators are added by an administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """No limit of the library's own, which knows the address alone: that is a whole office."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Operator | None:
        """Sign-in names are kept in small letters; however they are typed, they are the same."""
        if "username" in credentials:
            credentials["username"] = credentials["username"].strip().lower()
        return cast("Operator | None", super().authenticate(request, **credentials))

    def is_safe_url(self, url: str | None) -> bool:
        """Only an address of the same host is returned to after signing in."""
        return url_has_allowed_host_and_scheme(url, {context.request.get_host()})

    def pre_login(self, request: HttpRequest, user: Operator, **kwargs: Any) -> HttpResponse | None:
        """Turn away who does not work for this utility, saying so (the password was right)."""
        refused = super().pre_login(request, user, **kwargs)
        utility = utility_of(request)
        if refused is None and utility is not None and not _works_for(user, utility.id):
            return render(request, "account/not_here.html", {"utility": utility}, status=403)
        return cast("HttpResponse | None", refused)

    def login(self, request: HttpRequest, user: Operator) -> None:
        """Begin the session, held to this host."""
        super().login(request, user)
        request.session[SESSION_HOST] = host_name(request)


def _works_for(operator: Operator, utility_id: int) -> bool:
    mine = Membership.objects.filter(operator=operator, utility_id=utility_id)
    return mine.exclude(role_code="").exists()


def _keys() -> MultiFernet:
    """The keys of second factors, newest first, each derived from a data key of the installation."""

    def derived(key: str) -> Fernet:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"curbstop second factor")
        return Fernet(base64.urlsafe_b64encode(kdf.derive(base64.b64decode(key))))

    return MultiFernet([derived(key) for key in reversed(list(settings.CURBSTOP_KEYS.values()))])


class SecondStepAdapter(DefaultMFAAdapter):
    """Keeps authenticator secrets and recovery seeds encrypted."""

    def encrypt(self, text: str) -> str:
        """Under the newest key."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under whichever key it was encrypted with."""
        return _keys().decrypt(encrypted_text.encode()).decode()
