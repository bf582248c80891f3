"""How a measurement is taken and told."""

import time
from collections.abc import Callable


def side_by_side(
    ours: Callable[[], object], floor: Callable[[], object], *, rounds: int = 9, seconds: float = 0.25
) -> tuple[float, float]:
    """Return how often each action runs per second of this process's processor time.

    The two take turns in short rounds and the middle ratio is told: a shared machine changes its pace from one second
    to the next, and both sides must meet the same pace.
    """
    ours()
    floor()
    pairs = [(_rate(ours, seconds), _rate(floor, seconds)) for _ in range(rounds)]
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[rounds // 2]


def _rate(action: Callable[[], object], seconds: float) -> float:
    count, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        action()
        count += 1
    return count / (time.process_time() - started)


def tell(
    goal: str, what: str, ours: float, floor: float, target: float | None, unit: str = "/s", other: str = "floor"
) -> None:
    """Print one goal: the ratio, what was asked (None: nothing, it is told beside another), and both sides."""
    ratio = ours / floor
    asked = "" if target is None else f"(goal {target:.2f}, {'met' if ratio >= target else 'NOT MET'})  "
    sides = f"ours {ours:8.1f}{unit}  {other} {floor:8.1f}{unit}"
    print(f"{goal:4} {what:48} ratio {ratio:6.2f}  {asked}{sides}")


def milliseconds(action: Callable[[], object], *, rounds: int) -> float:
    """Return the median processor time of an action."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        action()
        times.append((time.process_time() - started) * 1000)
    return sorted(times)[rounds // 2]
