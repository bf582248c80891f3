"""How many requests work at once."""

import os

from anyio import to_thread

AT_ONCE = max(4, 2 * (os.cpu_count() or 2))
"""Python runs one thread at a time: more of them only take turns, also while one holds the row another waits for.
Measured with eight tills on two cores: with 40 threads, the default, the slowest sales took twenty times an unhurried
one; with four, nine times, and a fifth more sales a second. The rest wait in line, first come, first served."""


async def limit_threads() -> None:
    """Set the number for this process. Runs when the server starts, inside its event loop."""
    to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
