"""Child processes that do not outlive us."""

import ctypes
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` by which Linux sends the child signal `number` when this process dies, even by kill -9.

    None on other systems. Meant for a parent with one thread: the system watches the thread that started the child.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)  # loaded before the fork: after it only the call itself is safe
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, number)
