"""Django REST framework: a serializer's field that takes clean photos only, or says why not."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from photoprivacy.integrations.django._fields import CleanImageField as ModelField
from photoprivacy.integrations.django._forms import CleanImageFormField
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy


class CleanImageField(serializers.ImageField):
    """An ``ImageField`` of a serializer that answers 400 with a reason to what is not taken.

    With ``"rest_framework"`` and ``"photoprivacy.integrations.django"`` in ``INSTALLED_APPS``
    each ``ModelSerializer`` makes one of a model's ``CleanImageField``; else name it yourself.

    Args:
        policy: What may stay; that of the model's field when ``None``, if there is one.
        limits: Budgets for one photo, likewise.
    """

    def __init__(
        self, *, policy: Policy | None = None, limits: Limits | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.policy = policy
        self.limits = limits

    def to_internal_value(self, data: Any) -> Any:
        """Return the upload with clean bytes.

        Raises:
            django.core.exceptions.ValidationError: It is no image, or cannot be cleaned. The
                framework answers 400; the message names structure, never content.
        """
        # Not the framework's image field: that one asks Pillow.
        upload = serializers.FileField.to_internal_value(self, data)
        model = self._of_the_model()
        policy: Any = self.policy or getattr(model, "policy", Policy.SHARE)
        limits: Any = self.limits or getattr(model, "limits", Limits())
        form = CleanImageFormField(policy=policy, limits=limits)
        return form.to_python(upload)

    def _of_the_model(self) -> Any:
        model: type[models.Model] | None = getattr(
            getattr(self.parent, "Meta", None), "model", None
        )
        fields = () if model is None else model._meta.get_fields()
        return next((field for field in fields if field.name == self.source), None)


def register() -> None:
    """Let model serializers know the field."""
    serializers.ModelSerializer.serializer_field_mapping[ModelField] = CleanImageField


__all__ = ["CleanImageField"]
