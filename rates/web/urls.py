"""Addresses of rate tables."""

from django.urls import path

from rates.web import filing, pages, rate_field, shared, version_page
from rates.web.editor import begin
from rates.web.editor import pages as editor

app_name = "rates"
urlpatterns = [
    path("rates/", pages.rate_list, name="rates"),
    path("rates/new/", pages.new_table, name="new"),
    path("rates/import/", filing.new_file, name="bring_in"),
    path("rates/shared/", shared.shared, name="shared"),
    path("rates/shared/change/", shared.change, name="shared_change"),
    path("rates/shared/activate/", shared.activate, name="shared_activate"),
    path("rates/options/", rate_field.rate_options, name="options"),
    path("rates/<str:code>/", pages.table, name="table"),
    path("rates/<str:code>/file/", filing.taken_away, name="table_file"),
    path("rates/<str:code>/versions/new/", pages.new_version, name="new_version"),
    path("rates/<str:code>/versions/begin/", begin.begin, name="begin"),
    path("rates/<str:code>/versions/<int:version_id>/edit/", editor.editor, name="edit"),
    path("rates/<str:code>/versions/<int:version_id>/edit/sheet/", editor.reshape, name="reshape"),
    path("rates/<str:code>/versions/<int:version_id>/edit/try/", editor.tried, name="tried"),
    path("rates/<str:code>/versions/<int:version_id>/withdraw/", begin.withdraw, name="withdraw"),
    path("rates/<str:code>/versions/<int:version_id>/file/", begin.taken_away, name="file"),
    path("rates/<str:code>/versions/<int:version_id>/", version_page.version, name="version"),
    path("rates/<str:code>/versions/<int:version_id>/activate/", version_page.activate, name="activate"),
]
