"""Many threads doing one thing at the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


def at_once(act: Callable[[A], R], arguments: Sequence[A]) -> list[R]:
    """Call `act` with each argument in a thread of its own, all released together; return the results in order."""
    barrier = threading.Barrier(len(arguments))

    def wait_and_act(argument: A) -> R:
        barrier.wait()
        return act(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(wait_and_act, arguments))
