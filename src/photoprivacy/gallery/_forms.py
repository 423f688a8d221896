"""What a recipient sends: a password, and no more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import Request

_LONGEST: Final = 16 * 1024
#: Seconds that a form may take to arrive.
_PATIENCE: Final = 20.0


async def form_of(request: Request) -> bytes | None:
    """Return the body of a form; ``None`` for one that is too long, or takes too long."""
    from anyio import move_on_after

    body = bytearray()
    with move_on_after(_PATIENCE):
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST:
                return None
        return bytes(body)
    return None
