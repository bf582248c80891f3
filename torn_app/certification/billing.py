"""The invoice that bills a guide of the set, when its book says that it was billed in the period. Pure."""

from datetime import date
from decimal import Decimal

from torn_app.dte.documento import Detalle, Documento, Referencia
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.partes import Emisor, Receptor
from torn_app.dte.tipos import TipoDte


def bill(guide: DteLeido, emisor: Emisor, fecha: date) -> Documento:
    """Return the invoice of a guide that is a sale: same buyer, lines and prices, and the guide as its reference.

    Raises DocumentoInvalido when the guide has no price to bill.
    """
    buyer = guide.receptor
    return Documento(
        tipo=TipoDte.FACTURA,
        fecha_emision=fecha,
        emisor=emisor,
        receptor=Receptor(
            rut=buyer.rut,
            razon_social=buyer.razon_social,
            giro=buyer.giro,
            direccion=buyer.direccion,
            comuna=buyer.comuna,
            ciudad=buyer.ciudad,
        ),
        detalles=tuple(
            Detalle(
                nombre=line.nombre,
                cantidad=line.cantidad or Decimal(1),
                precio=line.precio or Decimal(0),
                unidad=line.unidad,
                exento=line.indicador_exencion == 1,
            )
            for line in guide.lineas
        ),
        referencias=(Referencia(tipo=str(int(guide.tipo)), folio=str(guide.folio), fecha=guide.fecha_emision),),
    )
