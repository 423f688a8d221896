"""The admin shows what a stored photo gives away: nothing, as long as the field is clean."""

from django.contrib import admin

from photoprivacy.integrations.django.admin import PhotoReport
from photos.models import Shot


@admin.register(Shot)
class ShotAdmin(PhotoReport, admin.ModelAdmin):
    pass
