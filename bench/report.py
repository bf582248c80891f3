"""How a measurement is taken and told."""

import statistics
import time
from collections.abc import Callable


def per_second(action: Callable[[], object], *, seconds: float = 2.0, cpu: bool = True, rounds: int = 3) -> float:
    """Return how often an action runs per second, the median of some rounds. With `cpu`, per second of this
    process's processor time, which other work on the machine does not change; otherwise by the clock."""
    clock = time.process_time if cpu else time.perf_counter
    action()
    rates = []
    for _ in range(rounds):
        count, started = 0, clock()
        while clock() - started < seconds / rounds:
            action()
            count += 1
        rates.append(count / (clock() - started))
    return statistics.median(rates)


def tell(goal: str, what: str, ours: float, floor: float, target: float, unit: str = "/s") -> None:
    """Print one goal: the ratio, what was asked, and both sides."""
    ratio = ours / floor
    mark = "met" if ratio >= target else "NOT MET"
    sides = f"ours {ours:8.1f}{unit}  floor {floor:8.1f}{unit}"
    print(f"{goal:4} {what:48} ratio {ratio:6.2f}  (goal {target:.2f}, {mark})  {sides}")
