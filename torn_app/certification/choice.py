"""Which documents make the set of simulation: those of the company's own sales, in the mix it has. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Kind = tuple[int, int | None]
"""Type and, for a guide, its IndTraslado."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document issued. `corrects` are type and folio of what a note corrects."""

    id: int
    tipo: int
    folio: int
    traslado: int | None = None
    corrects: tuple[tuple[int, int], ...] = ()

    @property
    def kind(self) -> Kind:
        """What it counts as."""
        return self.tipo, self.traslado


def choose(found: Sequence[Candidate], limit: int) -> tuple[int, ...]:
    """Return the ids of up to `limit` documents, oldest first, of each kind its share and at least one.

    The newest of each kind come first. A note goes with what it corrects, or not at all: the tax service refuses one
    about a document it does not have.
    """
    by_number = {(one.tipo, one.folio): one for one in found}
    whole = {one.id: chain for one in found if (chain := _with_corrected(one, by_number)) is not None}
    counts = Counter(one.kind for one in found if one.id in whole)
    quota = _shares(counts, limit)
    chosen: dict[int, Candidate] = {}
    # The rarest first, so that a kind of few documents is not left without room.
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind[0], kind[1] or 0)):
        for one in sorted((one for one in found if one.kind == kind and one.id in whole), key=lambda c: -c.id):
            if sum(other.kind == kind for other in chosen.values()) >= quota[kind]:
                break
            added = {other.id: other for other in whole[one.id] if other.id not in chosen}
            if len(chosen) + len(added) <= limit:
                chosen |= added
    return tuple(sorted(chosen))


def _with_corrected(one: Candidate, by_number: Mapping[tuple[int, int], Candidate]) -> tuple[Candidate, ...] | None:
    """Return a document and all it corrects, None when something of it is not there."""
    chain = [one]
    for current in chain:
        for number in current.corrects:
            other = by_number.get(number)
            if other is None or len(chain) > len(by_number):
                return None
            if other not in chain:
                chain.append(other)
    return tuple(chain)


def _shares(counts: Mapping[Kind, int], limit: int) -> dict[Kind, int]:
    """Return how many of each kind: its share of the limit, rounded down, at least one; the rest to the largest."""
    total = sum(counts.values())
    if total <= limit:
        return dict(counts)
    shares = {kind: max(1, count * limit // total) for kind, count in counts.items()}
    left = limit - sum(shares.values())
    for kind in sorted(counts, key=lambda kind: -counts[kind]):
        more = max(0, min(left, counts[kind] - shares[kind]))
        shares[kind] += more
        left -= more
    return shares


def one_of_each(kinds: Iterable[tuple[int, Kind]]) -> frozenset[int]:
    """Return the first case number of each kind."""
    first: dict[Kind, int] = {}
    for number, kind in kinds:
        first.setdefault(kind, number)
    return frozenset(first.values())
