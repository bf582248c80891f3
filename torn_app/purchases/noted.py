"""Which credit notes providers gave for purchases."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.infra.work import Work
from torn_app.purchases.errors import PurchaseNoted
from torn_app.purchases.models import ProviderNote, ProviderNoteLine

_note = ProviderNote.__table__  # type: ignore[attr-defined]


def notes_of(work: Work, purchase_id: int) -> list[ProviderNote]:
    """Return the notes of a purchase, oldest first. Lock the purchase first to build on what they say."""
    statement = select_row(ProviderNote).where(ProviderNote.purchase_id == purchase_id).order_by(col(ProviderNote.id))
    return list(work.session.exec(statement))


def lines_of(work: Work, notes: Sequence[ProviderNote]) -> dict[int, list[ProviderNoteLine]]:
    """Return note id -> its lines in order."""
    lines: dict[int, list[ProviderNoteLine]] = {note.id: [] for note in notes if note.id is not None}
    statement = (
        select_row(ProviderNoteLine).where(col(ProviderNoteLine.note_id).in_(lines)).order_by(col(ProviderNoteLine.id))
    )
    for line in work.session.exec(statement) if lines else ():
        lines[line.note_id].append(line)
    return lines


def refuse_noted(work: Work, purchase_id: int, *, action: str) -> None:
    """Refuse to touch a purchase that has notes. Its row is locked.

    Raises:
        PurchaseNoted: it has.
    """
    if work.session.execute(select(select(_note.c.id).where(_note.c.purchase_id == purchase_id).exists())).scalar():
        raise PurchaseNoted(action=action)


def totals_of_days(work: Work, first: date, last: date) -> tuple[int, int, int, int, int]:
    """Return how many notes of Chilean days, both included, and their net, exempt, VAT and total amounts."""
    names = ("monto_neto", "monto_exento", "iva", "monto_total")
    row = work.session.execute(
        select(func.count(), *(func.coalesce(func.sum(_note.c[name]), 0) for name in names)).where(
            _note.c.fecha.between(first, last)
        )
    ).one()
    count, net, exempt, iva, total = (int(value) for value in row)
    return count, net, exempt, iva, total
