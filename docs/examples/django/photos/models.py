"""One model, whose photos are clean whoever stores them."""

from django.db import models

from photoprivacy.integrations.django import CleanImageField


class Shot(models.Model):
    image = CleanImageField(names="neutral")

    def __str__(self) -> str:
        return f"shot {self.pk}"
