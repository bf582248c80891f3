"""Credit notes of providers: goods that go back, or a price lowered afterwards. They lower the month's VAT credit.

The row of the purchase is locked first, so that its notes never come to more than it, however many write at once.
What is told of the purchase stays as it was bought.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from torn_app.company import service as company
from torn_app.company.service import IVA
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.errors import StockShort
from torn_app.inventory.service import StockChange
from torn_app.kernel.money import Pesos, round_pesos
from torn_app.kernel.permissions import Permission
from torn_app.products import supply
from torn_app.products.queries import ProductForSale
from torn_app.purchases import issued, noted, rules, service
from torn_app.purchases.costs import PROMEDIO
from torn_app.purchases.errors import (
    GoodsAlreadyLeft,
    NoteExceedsAmount,
    NoteExceedsBought,
    NoteForeign,
    NoteOfNothing,
    NoteWithoutDocument,
    ProviderNoteNotFound,
)
from torn_app.purchases.models import ProviderNote, ProviderNoteLine, Purchase, PurchaseLine
from torn_app.purchases.schemas import ProviderNoteIn, ProviderNoteLineOut, ProviderNoteOut

WITH_VAT = "FACTURA"
WITHOUT_DOCUMENT = "SIN_DOCUMENTO"


@use_case(Permission.EDIT_PRODUCTS)
def create_provider_note(work: Work, purchase_id: int, data: ProviderNoteIn) -> ProviderNoteOut:
    """Write down a credit note of the provider: what its `items` brought leaves the shelf at what it was bought for,
    or an amount is taken off without moving anything.

    Its VAT is no credit any more (DL 825 art. 24). By the average cost method the goods take their value along; the
    last cost stays what it was.

    Raises:
        PurchaseNotFound: no such purchase.
        NoteWithoutDocument, PurchaseInvoiced: there is no document of the provider, or one of ours in its place.
        NoteOfNothing: neither goods nor an amount, or both.
        NoteForeign, NoteExceedsBought, NoteExceedsAmount: more than the purchase, with its other notes, holds.
        GoodsAlreadyLeft: the goods are no longer on the shelf.
    """
    purchase = service.find(work, purchase_id, lock=True)
    if purchase.tipo_documento == WITHOUT_DOCUMENT:
        raise NoteWithoutDocument()
    issued.refuse_invoiced(work, purchase_id, action="corregir con una nota del proveedor")
    if bool(data.items) == bool(data.monto_neto or data.monto_exento):
        raise NoteOfNothing()
    bought = service.lines_of(work, [purchase_id])[purchase_id]
    before = noted.notes_of(work, purchase_id)
    products = supply.lock_for_purchase(work, {line.product_id for line in bought})
    lines = _going_back(work, data, bought, before, products)
    if data.items:
        net = sum(line.subtotal for line in lines if not line.exento)
        exempt = sum(line.subtotal for line in lines if line.exento)
    else:
        net, exempt = data.monto_neto or 0, data.monto_exento or 0
    iva = _vat(purchase, bought, before, Pesos(net), Pesos(exempt))
    note = ProviderNote(
        purchase_id=purchase_id,
        folio=data.folio,
        fecha=data.fecha or work.today,
        motivo=data.motivo,
        monto_neto=net,
        monto_exento=exempt,
        iva=iva,
        monto_total=net + exempt + iva,
        staff_id=work.actor.staff_id,
        created_at=work.now,
    )
    work.session.add(note)
    work.session.flush()
    assert note.id is not None
    for line in lines:
        line.note_id = note.id
    work.session.add_all(lines)
    work.session.flush()
    try:
        _move(work, note, lines, products, back=False)
    except StockShort as short:
        raise GoodsAlreadyLeft(action="devolver", shortage=short) from short
    return _out(note, lines)


@use_case(Permission.EDIT_PRODUCTS)
def list_provider_notes(work: Work, purchase_id: int) -> list[ProviderNoteOut]:
    """Return the notes of a purchase, oldest first.

    Raises:
        PurchaseNotFound: no such purchase.
    """
    service.find(work, purchase_id)
    notes = noted.notes_of(work, purchase_id)
    lines = noted.lines_of(work, notes)
    return [_out(note, lines[note.id or 0]) for note in notes]


@use_case(Permission.EDIT_PRODUCTS)
def delete_provider_note(work: Work, purchase_id: int, note_id: int) -> None:
    """Take a note back: what it sent away is on the shelf again, with its value.

    Raises:
        PurchaseNotFound, ProviderNoteNotFound: no such purchase, or it has no such note.
    """
    service.find(work, purchase_id, lock=True)
    note = next((note for note in noted.notes_of(work, purchase_id) if note.id == note_id), None)
    if note is None:
        raise ProviderNoteNotFound(id=note_id)
    lines = noted.lines_of(work, [note])[note_id]
    products = supply.lock_for_purchase(work, {line.product_id for line in lines})
    _move(work, note, lines, products, back=True)
    # Its lines go with it (ON DELETE CASCADE).
    work.session.delete(note)
    work.session.flush()


# --- steps -----------------------------------------------------------------------------------------------------------


def _going_back(
    work: Work,
    data: ProviderNoteIn,
    bought: Sequence[PurchaseLine],
    before: Sequence[ProviderNote],
    products: Mapping[int, ProductForSale],
) -> list[ProviderNoteLine]:
    """Return the lines of a note about goods: each at the cost of the purchase line it came with."""
    asked: dict[int, Decimal] = {}
    for item in data.items:
        asked[item.product_id] = asked.get(item.product_id, Decimal(0)) + item.cantidad
    gone: dict[int, Decimal] = {}
    for earlier in (line for own in noted.lines_of(work, before).values() for line in own):
        gone[earlier.product_id] = gone.get(earlier.product_id, Decimal(0)) + earlier.cantidad
    found = []
    for product_id, quantity in asked.items():
        own = [line for line in bought if line.product_id == product_id]
        if not own:
            raise NoteForeign(id=product_id)
        left = sum((line.cantidad for line in own), Decimal(0)) - gone.get(product_id, Decimal(0))
        if quantity > left:
            name = products[product_id].full_name
            raise NoteExceedsBought(name=name, left=f"{left.normalize():f}", asked=f"{quantity.normalize():f}")
        pairs = [(line.cantidad, line.precio_costo_unitario) for line in own]
        for part in rules.take_back(pairs, gone.get(product_id, Decimal(0)), quantity):
            line = own[part.line]
            found.append(
                ProviderNoteLine(
                    note_id=0,
                    product_id=product_id,
                    cantidad=part.quantity,
                    precio_costo_unitario=line.precio_costo_unitario,
                    subtotal=part.subtotal,
                    exento=line.exento,
                    left_stock=line.entered_stock,
                )
            )
    return found


def _vat(
    purchase: Purchase, bought: Sequence[PurchaseLine], before: Sequence[ProviderNote], net: Pesos, exempt: Pesos
) -> Pesos:
    """Return the VAT of a note, and refuse one that with the others comes to more than the purchase."""
    free = sum(line.subtotal for line in bought if line.exento)
    net_left = purchase.monto_neto - free - sum(note.monto_neto for note in before)
    exempt_left = free - sum(note.monto_exento for note in before)
    if net > net_left or exempt > exempt_left:
        raise NoteExceedsAmount(neto=net_left, exento=exempt_left)
    if purchase.tipo_documento != WITH_VAT:
        return Pesos(0)
    vat_left = purchase.iva - sum(note.iva for note in before)
    # The last note takes what rounding left, so that the notes of a whole purchase take its VAT exactly.
    return Pesos(vat_left if net == net_left else min(round_pesos(net * IVA), vat_left))


def _move(
    work: Work,
    note: ProviderNote,
    lines: Sequence[ProviderNoteLine],
    products: Mapping[int, ProductForSale],
    *,
    back: bool,
) -> None:
    """Take the goods off the shelf, or put them `back`, with their value."""
    counted = [line for line in lines if line.left_stock]
    name = f"nota de crédito {note.folio or 'S/N'} de proveedor"
    changes = [
        StockChange(
            line.product_id,
            products[line.product_id].full_name,
            line.cantidad if back else -line.cantidad,
            "AJUSTE" if back else "DEVOLUCION",
            f"Eliminación de {name}" if back else f"Devolución con {name}",
            purchase_id=note.purchase_id,
        )
        for line in counted
    ]
    levels = inventory.move(work, changes)
    if company.get_settings_row(work).metodo_costo != PROMEDIO:
        return
    costs = {}
    for product_id in {line.product_id for line in counted}:
        own = [line for line in counted if line.product_id == product_id]
        quantity = sum((line.cantidad for line in own), Decimal(0))
        value = sum((line.cantidad * line.precio_costo_unitario for line in own), Decimal(0))
        cost, after = products[product_id].costo_unitario, levels[product_id]
        if back:
            costs[product_id] = rules.average_cost(after - quantity, cost, quantity, value)
        else:
            costs[product_id] = rules.cost_without(after + quantity, cost, quantity, value)
    supply.set_costs(work, {key: cost for key, cost in costs.items() if cost != products[key].costo_unitario})


def _out(note: ProviderNote, lines: Sequence[ProviderNoteLine]) -> ProviderNoteOut:
    items = [ProviderNoteLineOut.model_validate(line) for line in lines]
    return ProviderNoteOut(**note.model_dump(exclude={"staff_id"}), items=items)
