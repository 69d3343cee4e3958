"""The forms of signing in: the library's, in this house's words."""

from typing import Any, cast

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.forms import BaseForm


def worded(form: BaseForm, **labels: str) -> None:
    """Give fields their labels and take away what stands in them, which only repeats the label."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(self, login="Name", password="Password")


class PasswordForm(ChangePasswordForm):
    """The password until now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worded(
            self,
            oldpassword="Password until now",
            password1="New password",
            password2="New password once more",
        )
        self.fields["password1"].help_text = ""


class SecondStepForm(AuthenticateForm):
    """A wrong code counts like a wrong password."""

    def clean_code(self) -> str:
        """The code when it is right; locks out after too many wrong ones."""
        request, credentials = context.request, {"username": self.user.login}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            raise self.wrong()
        return cast(str, super().clean_code())

    def _emit_authentication_failed(self, authenticator: object) -> None:
        super()._emit_authentication_failed(authenticator)
        user_login_failed.send(
            sender=__name__, credentials={"username": self.user.login}, request=context.request
        )

    def wrong(self) -> Exception:
        """The error at the field."""
        return cast(Exception, get_adapter().validation_error("incorrect_code"))
