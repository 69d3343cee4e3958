"""The reviewed list of tables that no utility owns, each with its reason.

Everything else carries ``tenant_id`` and a policy; the catalogue test holds both lists together.
"""

GLOBAL_TABLES: dict[str, str] = {
    "core_utility": "the utilities themselves",
    "core_domain": "which host name leads to which utility",
    "core_operator": "a person who signs in, perhaps for several utilities",
    "core_membership": "which operator works for which utility",
    "core_partnerkeyindex": "finds the utility of an API key before a scope exists",
    "core_due": "ids and times only: what the sweeper, which has no utility, must wake",
    "django_session": "sign-in sessions, bound to an operator",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own, unused: rights are roles of a utility",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "axes_accessattempt": "failed sign-ins, before a utility is known",
    "axes_accessattemptexpiration": "failed sign-ins, before a utility is known",
    "axes_accesslog": "sign-ins, before a utility is known",
    "axes_accessfailurelog": "failed sign-ins, before a utility is known",
    "account_emailaddress": "sign-in addresses of operators",
    "account_emailconfirmation": "sign-in addresses of operators",
    "mfa_authenticator": "second factors of operators",
}
