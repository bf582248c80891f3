"""Brake on guessing passwords: too many failures for one e-mail and it has to wait."""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from torn_app.kernel.errors import TooManyRequests

FAILURES_PER_MINUTES = RateLimitItemPerMinute(10, 5)
"""Ten failures in five minutes."""


class LoginAttempts:
    """Counts failed logins per e-mail."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, email: str) -> None:
        """Refuse an e-mail that failed too often."""
        if not self._limiter.test(FAILURES_PER_MINUTES, "login", email):
            window = self._limiter.get_window_stats(FAILURES_PER_MINUTES, "login", email)
            raise TooManyRequests(max(1, round(window.reset_time - time.time())))

    def failed(self, email: str) -> None:
        """Count one failure."""
        self._limiter.hit(FAILURES_PER_MINUTES, "login", email)


login_attempts = LoginAttempts()
