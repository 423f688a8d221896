"""System checks: fields through which photos come in as they are, a gallery without a storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  Django's
from django.db import models
from django.urls import URLResolver, get_resolver

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


def gallery_storage(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an error where the gallery is mounted and has nowhere to keep photos."""
    del app_configs  # the storage is the project's
    named = getattr(settings, "PHOTOPRIVACY_LIBRARY", None) or "photoprivacy" in settings.STORAGES
    if named or not getattr(settings, "ROOT_URLCONF", None) or not _mounts_gallery(get_resolver()):
        return []
    return [
        Error(
            'The gallery is mounted, and STORAGES has no "photoprivacy" for its photos.',
            hint="Name a storage that is not served, or set PHOTOPRIVACY_LIBRARY.",
            id="photoprivacy.E001",
        )
    ]


def _mounts_gallery(resolver: URLResolver) -> bool:
    return any(
        one.app_name == "photoprivacy" or _mounts_gallery(one)
        for one in resolver.url_patterns
        if isinstance(one, URLResolver)
    )


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
