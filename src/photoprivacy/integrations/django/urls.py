"""The gallery's addresses: ``path("s/", include("photoprivacy.integrations.django.urls"))``."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.functional import SimpleLazyObject

from photoprivacy.integrations.django._library import library
from photoprivacy.integrations.django._view import gallery_view

app_name = "photoprivacy"
urlpatterns: list[URLPattern] = [
    # Made at the first request: what stores need is set up by then.
    path("<path:rest>", gallery_view(SimpleLazyObject(library)), name="gallery"),
]
