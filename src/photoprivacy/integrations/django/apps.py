"""The app: its name, and the checks that come with it."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.core import checks


class PhotoPrivacyConfig(AppConfig):
    """What ``INSTALLED_APPS`` finds."""

    name: Any = "photoprivacy.integrations.django"
    label: Any = "photoprivacy"
    verbose_name: Any = "Photo privacy"
    default_auto_field: Any = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and the serializers' field where there are any."""
        from photoprivacy.integrations.django._checks import gallery_storage, plain_image_fields

        checks.register(plain_image_fields, checks.Tags.security)
        checks.register(gallery_storage, checks.Tags.urls)
        if apps.is_installed("rest_framework"):
            from photoprivacy.integrations.django.rest import register

            register()
