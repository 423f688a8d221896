"""Two views that take a form, the gallery, the admin."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from photoprivacy.integrations.django import CleanImageFormField
from photoprivacy.integrations.django.stores import library
from photos.models import Shot


class ShotForm(forms.ModelForm):
    class Meta:
        model = Shot
        fields = ("image",)


class AlbumForm(forms.Form):
    photo = CleanImageFormField()


# A page of your own has a form with a token: these two are for programs.
@csrf_exempt
@require_POST
def add(request: HttpRequest) -> JsonResponse:
    form = ShotForm(files={"image": request.FILES.get("photo")})
    if not form.is_valid():
        return JsonResponse({"errors": form.errors["image"]}, status=422)
    return JsonResponse({"stored": form.save().image.name}, status=201)


@csrf_exempt
@require_POST
def share(request: HttpRequest) -> JsonResponse:
    form = AlbumForm(files=request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors["photo"]}, status=422)
    album = library().create_album("From the app")
    library().add(album.id, form.cleaned_data["photo"].read())
    return JsonResponse({"link": f"/s/{library().share(album.id).token}/"}, status=201)


urlpatterns = [
    path("photos", add),
    path("albums", share),
    path("s/", include("photoprivacy.integrations.django.urls")),
    path("admin/", admin.site.urls),
]
