"""Addresses of home and search."""

from django.urls import path

from core.web import home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
]
