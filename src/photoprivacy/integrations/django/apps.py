"""The app: its name, and the check that comes with it."""

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
        """Register the system check, and the serializers' field where there are any."""
        from photoprivacy.integrations.django._checks import plain_image_fields

        checks.register(plain_image_fields, checks.Tags.security)
        if apps.is_installed("rest_framework"):
            from photoprivacy.integrations.django.rest import register

            register()
