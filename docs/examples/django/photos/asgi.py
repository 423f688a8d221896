"""What an ASGI server runs: uvicorn photos.asgi:application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photos.settings")
application = get_asgi_application()
