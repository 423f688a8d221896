"""FastAPI: a dependency that gives a handler the clean copy of an upload."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from photoprivacy.errors import MissingExtra
from photoprivacy.integrations._refusal import PROBLEM
from photoprivacy.integrations._upload import CleanUpload
from photoprivacy.integrations.starlette import UploadRefused, clean_file, install
from photoprivacy.limits import Limits
from photoprivacy.policy import Policy

try:
    from fastapi import File, UploadFile
except ModuleNotFoundError:
    raise MissingExtra("fastapi") from None

_SCHEMA: Final = {
    "type": "object",
    "properties": {
        name: {"type": kind}
        for name, kind in (
            ("type", "string"),
            ("title", "string"),
            ("status", "integer"),
            ("detail", "string"),
            ("code", "string"),
        )
    },
}

#: What a route that takes an upload may refuse with: ``@app.post(…, responses=PROBLEMS)``.
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": what, "content": {PROBLEM: {"schema": _SCHEMA}}}
    for status, what in (
        (413, "The photo is too large"),
        (422, "The photo cannot be read or cleaned"),
        (507, "There is no room for the photo"),
    )
}


def clean_upload(
    field: str = "photo", policy: Policy = Policy.SHARE, *, limits: Limits = Limits()
) -> Callable[..., Awaitable[CleanUpload]]:
    """Return a dependency that is the clean copy of the file in a form's *field*.

    ``photo: Annotated[CleanUpload, Depends(clean_upload("photo"))]``: the page of the API shows
    an upload of that name. The work is done in a thread, so that the event loop goes on.

    The dependency raises `UploadRefused`: 413 for a file over ``limits.max_bytes``, 507 for a full
    disk, 422 for what cannot be read or cleaned. A form without the file is refused by FastAPI.
    """
    name = re.sub(r"\W|^(?=\d)", "_", field)
    annotation: Any = Annotated[UploadFile, File(alias=field, description="A photo")]

    async def dependency(**given: Any) -> CleanUpload:
        return await clean_file(given[name], policy, limits=limits)

    # FastAPI reads what to ask for, and what to document, from here.
    dependency.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)]
    )
    return dependency


__all__ = ["PROBLEMS", "CleanUpload", "UploadRefused", "clean_file", "clean_upload", "install"]
