"""A system check that names the fields through which photos come in as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Warning  # noqa: A004  Django's
from django.db import models

from photoprivacy.integrations.django._fields import CleanImageField
from photoprivacy.integrations.django._storage import CleanStorage


def plain_image_fields(
    app_configs: Sequence[AppConfig] | None = None, **_: Any
) -> list[CheckMessage]:
    """Return a warning for each ``ImageField`` that stores what it is given.

    A field whose storage is a `CleanStorage` stores clean photos too. Fields of other people's
    apps are told as well; ``SILENCED_SYSTEM_CHECKS = ["photoprivacy.W001"]`` silences them.
    """
    return [
        Warning(
            f"{model._meta.label}.{field.name} stores photos with everything they give away.",
            hint="Use photoprivacy.integrations.django.CleanImageField, or a CleanStorage.",
            obj=field,
            id="photoprivacy.W001",
        )
        for model, field in image_fields(app_configs)
        if not isinstance(field, CleanImageField) and not _is_clean(field.storage)
    ]


def image_fields(
    app_configs: Sequence[AppConfig] | None = None,
) -> Iterator[tuple[type[models.Model], models.ImageField]]:
    """Yield each image field, with the model that declares it."""
    for config in apps.get_app_configs() if app_configs is None else app_configs:
        for model in config.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, models.ImageField) and not model._meta.proxy:
                    yield model, field


def _is_clean(storage: Any) -> bool:
    # ``default_storage`` is a lazy object around the one that settings name.
    return isinstance(storage, CleanStorage)
