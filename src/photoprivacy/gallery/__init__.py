"""The recipient's page: an ASGI app over what a verified link opens, and nothing else."""

from __future__ import annotations

from photoprivacy.gallery._app import Gallery

__all__ = ["Gallery"]
