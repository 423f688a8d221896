"""What the project of the tests serves."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("below/here/", include("photoprivacy.integrations.django.urls")),
]
