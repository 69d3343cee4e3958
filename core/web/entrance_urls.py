"""Addresses of signing in, the same on every host: no namespace, as the sign-in library names them."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from core.web import session_pages
from core.web.views import View, own, public

BOTH = ("GET", "POST")


def _open(view: View) -> View:
    return public(*BOTH)(view)


urlpatterns = [
    path("sign-in/", _open(account.login), name="account_login"),
    path("sign-in/code/", _open(second_step.authenticate), name="mfa_authenticate"),
    path("sign-in/inactive/", _open(account.account_inactive), name="account_inactive"),
    path("sign-out/", _open(account.logout), name="account_logout"),
    path("welcome/<str:uidb64>/<str:token>/", session_pages.welcome, name="welcome"),
    path("health/", session_pages.health, name="health"),
    path("me/stay/", session_pages.stay, name="session_stay"),
    path("me/password/", own(account.password_change), name="account_change_password"),
    path("me/password/first/", own(account.password_set), name="account_set_password"),
    path("me/confirm/", own(account.reauthenticate), name="account_reauthenticate"),
    path("me/confirm/code/", own(second_step.reauthenticate), name="mfa_reauthenticate"),
    path("me/security/", own(second_step.index), name="mfa_index"),
    path("me/security/app/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("me/security/app/off/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/security/codes/", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/security/codes/new/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(
        "me/security/codes/file/", own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
]
