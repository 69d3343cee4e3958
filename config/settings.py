"""Settings, from the environment; see ``.env.example`` for every name.

Without ``DATABASE_URL`` the site runs on an embedded PostgreSQL of its own and makes its secrets
once, in a private folder.  With it (production) a missing secret stops the start.
"""

import os
from pathlib import Path

import environ

from config.embedded import ensure_cluster
from config.local_secrets import local_secrets

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("CURBSTOP_DEBUG", default=False)
CLUSTER = env.str("CURBSTOP_CLUSTER", default="site")
EMBEDDED = "DATABASE_URL" not in os.environ

if EMBEDDED:
    _cluster = ensure_cluster("test" if CLUSTER == "test" else "site")
    _app_url, _owner_url = _cluster.app_url, _cluster.owner_url
    STATE_DIR = _cluster.data_dir.parent / f"{CLUSTER}-state"
    _secrets = local_secrets(STATE_DIR)
    SECRET_KEY = env.str("SECRET_KEY", default=_secrets["SECRET_KEY"])
    CURBSTOP_KEYS = env.json("CURBSTOP_KEYS", default=_secrets["CURBSTOP_KEYS"])
else:
    _app_url, _owner_url = env.str("DATABASE_URL"), env.str("OWNER_DATABASE_URL", default="")
    STATE_DIR = Path(env.str("CURBSTOP_VAULT")).parent
    SECRET_KEY = env.str("SECRET_KEY")
    CURBSTOP_KEYS = env.json("CURBSTOP_KEYS")

VAULT_DIR = Path(env.str("CURBSTOP_VAULT", default=str(STATE_DIR / "vault")))
SERVES = env.bool("CURBSTOP_SERVES", default=False)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", ".localhost", "127.0.0.1"])
SITE_HOST = env.str("SITE_HOST", default="localhost")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "core",
    "rates",
    "meters",
    "customers",
    "ledger",
    "billing",
    "collections_app",
    "interchange",
    "reports",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.web.middleware.UtilityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
BARE_URLCONF = "config.bare_urls"  # of the host that names no utility
ROLE_PRESETS = "config.roles.ROLES"
OBJECT_SLOTS = "config.object_pages.OBJECT_SLOTS"
OPEN_DRAWER = "collections_app.web.drawer_chip.open_drawer_of"
CSRF_FAILURE_VIEW = "core.web.session_pages.form_too_old"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.ui.context.shell",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parsed: dict[str, object] = env.db_url_config(url)
    parsed["ENGINE"] = "core.tenancy.backend"
    parsed["CONN_MAX_AGE"] = 600
    parsed["CONN_HEALTH_CHECKS"] = True
    return parsed


DATABASES = {"default": _database(_app_url)}
if _owner_url and not SERVES:
    # The owner migrates, provisions, dumps and cleans test databases; it never serves a request.
    DATABASES["owner"] = _database(_owner_url)
    DATABASES["owner"]["TEST"] = {"MIRROR": "default"}

AUTH_USER_MODEL = "core.Operator"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_HTTPS = env.bool("CURBSTOP_HTTPS", default=not EMBEDDED)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(STATE_DIR / "static"))
if EMBEDDED:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else every start warns of it
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a large rate table in the editor is one form
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]

# So long may a worker be silent in the middle of a part before another one takes it over.
WORK_LEASE_SECONDS = env.int("CURBSTOP_LEASE_SECONDS", default=20)

EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"curbstop@{SITE_HOST}")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.authentication.PartnerKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pages.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "core.api.description.Description",
    "EXCEPTION_HANDLER": "core.api.problems.problem_response",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Curbstop",
    "VERSION": "1",
    "DESCRIPTION": "Utility billing: customers, meters, rates, billing and collections.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.description.describe_problems",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TenderKindEnum": "collections_app.models.Tender.Kind",
        "ConnectionFeeKindEnum": "meters.models.ConnectionFee.Kind",
        "WorkOrderKindEnum": "meters.models.WorkOrder.Kind",
        "PaymentRecordKindEnum": "customers.models.Standing.Kind",
        "BankAccountKindEnum": "customers.models.BankDraft.Kind",
        "ReadingSourceEnum": "meters.models.Reading.Source",
        "TypedSourceEnum": "meters.api.readings.TAKEN",
        "SharedValueKindEnum": "rates.api.shared.SHARED_KINDS",
        "WhatIfBasisEnum": "billing.what_if_models.WhatIf.Basis",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    # A link of its own within each operation's button would be out of a screen reader's reach.
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Six wrong tries of one name from one address; never the address alone, which is a whole office.
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "core.web.sign_in.name_tried"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "core.web.sign_in.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password", "oldpassword", "password1", "password2", "code"]
# How many proxies of ours stand before the site; with none the address is that of the connection.
AXES_IPWARE_PROXY_COUNT = env.int("CURBSTOP_PROXIES", default=0) or None
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"] if AXES_IPWARE_PROXY_COUNT else ["REMOTE_ADDR"]
)

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "core.web.sign_in.SignInAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "core.web.sign_in_forms.SignInForm",
    "change_password": "core.web.sign_in_forms.PasswordForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key"}  # passwords and codes are counted by axes
MFA_ADAPTER = "core.web.sign_in.SecondStepAdapter"
MFA_FORMS = {"authenticate": "core.web.sign_in_forms.SecondStepForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Curbstop"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

# The report of a fault goes by mail where ADMINS are named: it tells nothing that was typed.
DEFAULT_EXCEPTION_REPORTER_FILTER = "core.web.error_reports.NothingTyped"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
