"""Issuing a rejected document of a sale again: the same goods and money, the customer as of now, today's date."""

from dataclasses import replace

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.documents.replacing import replace_document
from torn_app.dte.documento import Documento, Receptor
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales.errors import SaleNotFound
from torn_app.sales.export_schemas import ExportFacts
from torn_app.sales.guides import INTERNAL
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.queries import describe_sale
from torn_app.sales.renumbered import current_references
from torn_app.sales.schemas import SaleOut, TransporteIn
from torn_app.sales.stored import stored_parts

_sale = Sale.__table__  # type: ignore[attr-defined]
_line = SaleLine.__table__  # type: ignore[attr-defined]


@use_case(Permission.SELL)
@documents.refusals
def reissue_sale(work: Work, sale_id: int) -> SaleOut:
    """Issue the document of a sale again after the tax service rejected it or found an error in it.

    Lines, discounts, references and payments are those of the rejected document, read from its signed XML; what it
    refers to is named by its present number. The receiver is the customer as of now, the date is today. Stock, drawer
    and debt stay as the sale left them. The number is used again while its range is alive; else a new one is taken and
    the old one waits to be voided.

    Raises:
        SaleNotFound: no such sale in the current mode.
        NotRefused: its document was not rejected.
        FolioExhausted, DocumentRefused: it cannot be issued.
    """
    issuer = company.get_issuer_row(work)
    sale = work.session.exec(
        select_row(Sale).where(Sale.id == sale_id, Sale.ambiente == issuer.ambiente).with_for_update(key_share=True)
    ).first()
    if sale is None:
        raise SaleNotFound(id=sale_id)
    old = work.session.exec(
        select_row(Document)
        .where(Document.sale_id == sale_id)
        .order_by(col(Document.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()
    customer = customers.find(work, sale.customer_id)
    assert customer is not None
    documento = _documento(work, sale, old.xml, issuer, customer, _taxes_of(work, sale_id))
    references = current_references(work, sale, documento.referencias)
    replace_document(work, old, replace(documento, referencias=references))
    work.session.execute(update(_sale).where(_sale.c.id == sale_id).values(fecha_emision=work.now))
    work.session.expire_all()
    return describe_sale(work, sale_id)


def _taxes_of(work: Work, sale_id: int) -> dict[int, tuple[int, ...]]:
    statement = select(_line.c.position, _line.c.impuesto_adicional).where(
        _line.c.sale_id == sale_id, _line.c.impuesto_adicional.is_not(None)
    )
    return {position: (code,) for position, code in work.session.execute(statement)}


def _documento(
    work: Work, sale: Sale, xml: bytes, issuer: Issuer, customer: Customer, codes: dict[int, tuple[int, ...]]
) -> Documento:
    read = read_dte(xml)
    parts = stored_parts(read, codes)
    facts = ExportFacts.model_validate(sale.exportacion) if sale.exportacion else None
    return Documento(
        tipo=read.tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(issuer),
        receptor=facts.receptor() if facts else _receptor(read.tipo, sale, issuer, customer),
        detalles=parts.detalles,
        descuentos=parts.descuentos,
        referencias=parts.referencias,
        forma_pago=read.forma_pago,
        fecha_vencimiento=max(read.fecha_vencimiento, work.today) if read.fecha_vencimiento else None,
        medio_pago=read.medio_pago,
        indicador_traslado=read.indicador_traslado,
        tipo_despacho=read.tipo_despacho,
        transporte=TransporteIn.model_validate(sale.transporte).of_document() if sale.transporte else None,
        montos_brutos=read.montos_brutos,
        # A boleta's is its own; only exports choose one.
        indicador_servicio=read.indicador_servicio if facts else None,
        exportacion=facts.of_document() if facts else None,
    )


def _receptor(tipo: TipoDte, sale: Sale, issuer: Issuer, customer: Customer) -> Receptor:
    nobody = tipo.es_nota and customer.rut == GENERIC_CUSTOMER
    if nobody or sale.ind_traslado == INTERNAL:
        return documents.issuer_as_receptor(issuer)
    return documents.receptor(customer)
