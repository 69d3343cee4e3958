"""Addresses of the shared ground's pages."""

from django.urls import include, path

from core.web import (
    audit_page,
    code_options,
    codes_page,
    lock,
    policies_page,
    reveal_page,
    schedules_page,
    session_pages,
    settings_pages,
    setup_page,
)

app_name = "core"
urlpatterns = [
    path("", include("core.web.home_urls")),
    path("", include("core.web.job_urls")),
    path("policies/", policies_page.policies, name="policies"),
    path("policies/<str:code>/", policies_page.policy, name="policy"),
    path("audit/", audit_page.audit, name="audit"),
    path("audit/numbers/", reveal_page.reveal_list, name="reveals"),
    path("reveal/<str:column>/<int:ref>/", reveal_page.ask, name="reveal"),
    path("settings/", setup_page.settings, name="settings"),
    path("settings/schedules/", schedules_page.schedule_list, name="schedules"),
    path("settings/schedules/new/", schedules_page.new_schedule, name="schedule_new"),
    path("settings/schedules/<int:schedule_id>/", schedules_page.schedule, name="schedule"),
    path("settings/schedules/<int:schedule_id>/pause/", schedules_page.pause, name="schedule_pause"),
    path("settings/schedules/<int:schedule_id>/run/", schedules_page.run_now, name="schedule_run"),
    path("settings/operators/", settings_pages.operators, name="operators"),
    path("settings/operators/<int:operator_id>/", settings_pages.operator, name="operator"),
    path("settings/operators/<int:operator_id>/leave/", settings_pages.deactivate, name="operator_leave"),
    path("settings/operators/<int:operator_id>/invite/", settings_pages.invite, name="operator_invite"),
    path("settings/codes/", codes_page.code_list, name="codes"),
    path("settings/codes/new/", codes_page.new_code, name="code_new"),
    path("settings/codes/<int:code_id>/", codes_page.code, name="code"),
    path("codes/<str:kind>/options/", code_options.code_options, name="code_options"),
    path("settings/roles/", settings_pages.roles, name="roles"),
    path("settings/keys/", settings_pages.keys, name="keys"),
    path("settings/keys/<int:key_id>/revoke/", settings_pages.revoke_key, name="key_revoke"),
    path("lock/", lock.lock, name="lock"),
    path("outcome/", session_pages.outcome, name="outcome"),
]
