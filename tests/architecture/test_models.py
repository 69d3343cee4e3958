"""What holds for every model; foreign keys by name escape the check of imports, so the models are walked."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.db.models import ForeignKey

from tests.architecture.sources import APPS


def foreign_keys() -> Iterator[ForeignKey[models.Model, models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in APPS:
            for field in model._meta.get_fields(include_hidden=True):
                if isinstance(field, ForeignKey):
                    yield field


def test_there_are_models_to_walk() -> None:
    assert len(list(foreign_keys())) > 10


def test_foreign_keys_point_to_the_same_app_or_one_below() -> None:
    upward = [
        f"{field} → {field.related_model._meta.label}"
        for field in foreign_keys()
        if field.related_model._meta.app_label in APPS
        and APPS.index(field.related_model._meta.app_label) > APPS.index(field.model._meta.app_label)
    ]
    assert upward == []


@pytest.mark.parametrize("forbidden", [models.CASCADE, models.SET_NULL, models.SET_DEFAULT])
def test_deleting_a_row_never_changes_another(forbidden: object) -> None:
    assert [str(field) for field in foreign_keys() if field.remote_field.on_delete is forbidden] == []


def test_no_model_writes_by_itself_when_saved() -> None:
    own = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in APPS and {"save", "delete", "clean"} & {*vars(model)}
    ]
    assert own == []


def test_no_amount_is_kept_as_a_binary_fraction() -> None:
    floats = [
        str(field)
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]
    assert floats == []
