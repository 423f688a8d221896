"""A web server for the command line: starts, says where, stops."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from photoprivacy.errors import MissingExtra

if TYPE_CHECKING:
    import uvicorn


@contextlib.contextmanager
def serve(app: Any, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve *app* in a thread for as long as the context lasts, and yield its base address.

    No access log is written: addresses are the keys to albums.

    Args:
        app: An ASGI app.
        host: Address to listen on.
        port: Port to listen on; 0 for a free one.

    Raises:
        OSError: The address cannot be listened on.
        MissingExtra: The extra ``gallery`` is not installed.
    """
    try:
        import uvicorn
    except ImportError:
        raise MissingExtra("gallery") from None
    ready = threading.Event()
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="error",
        lifespan="off",
        ws="none",
        server_header=False,
        # By default uvicorn takes anyone's word on this machine for where others ask from.
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    server = _server(uvicorn, config, ready)
    # Bound here, so that an address in use is an error of the caller's, not of a thread's.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=128) as listener:
        # Small answers are sent at once; accepted connections take this over from the listener.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="photoprivacy", daemon=True
        )
        thread.start()
        try:
            while not ready.wait(0.05):
                if not thread.is_alive():
                    msg = "the server did not start"
                    raise OSError(msg)
            shown = f"[{host}]" if ":" in host else host
            yield f"http://{shown}:{listener.getsockname()[1]}"
        finally:
            # Work that is cut off here is no news, and its traceback none for a terminal.
            logging.getLogger("uvicorn.error").disabled = True
            server.should_exit = True
            thread.join(timeout=10)


def _server(uvicorn: Any, config: uvicorn.Config, ready: threading.Event) -> uvicorn.Server:
    class Announcing(uvicorn.Server):  # type: ignore[misc]
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            ready.set()

    return Announcing(config)
