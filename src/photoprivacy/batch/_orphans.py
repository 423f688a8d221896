"""Workers end with the process that they work for, however that ends.

A pool tells its workers to go; a parent that is killed tells nobody, and they would wait for work
that never comes.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading


def end_with_parent() -> None:
    """Have this process end as soon as its parent has; for a worker's initializer.

    Where there is no parent to wait for, nothing happens.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive, args=(parent.sentinel,), daemon=True).start()


def _outlive(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)  # at once: whoever would take a result has gone


__all__ = ["end_with_parent"]
