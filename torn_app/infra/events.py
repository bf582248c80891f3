"""What happened, told to whoever inside Torn listens, in the transaction it happened in.

The packages that make things happen stand above the one that tells the outside world (webhooks): they publish here and
know nobody. A listener writes rows; it never calls the network.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torn_app.infra.work import Work

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `key` names it once and for all: the same key twice is the same event."""

    name: str
    key: str
    data: Mapping[str, Value]


Listener = Callable[[Work, Sequence[Event]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Have a function told of every event, in the transaction of the event."""
    _listeners.append(listener)
    return listener


def publish(work: Work, events: Sequence[Event]) -> None:
    """Tell what happened. Takes it back if the transaction does not commit."""
    if events:
        for listener in _listeners:
            listener(work, events)
