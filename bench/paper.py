"""P12: the letter PDF of an invoice with its stamp, from the signed bytes, and the stamp read off the page."""

from collections.abc import Iterator
from datetime import date
from itertools import cycle

import pypdfium2
import zxingcpp

from bench.material import document, issuer, material
from bench.report import milliseconds
from torn_app.dte.impresion import printed_copy
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import DteFirmado, issue_dte
from torn_app.kernel import clock
from torn_app.printing import render_pdf

LIMIT_MS = 25
COPIES = 100
"""More than the caches of the stamp hold, so that each copy draws a stamp of its own."""


def run() -> None:
    """Measure P12. The floor is the stamp's symbol alone, written by zxing-cpp."""
    keys, now = material(TipoDte.FACTURA), clock.now()
    invoices = [
        issue_dte(document(TipoDte.FACTURA, folio, keys.today, issuer()), keys.caf, keys.caf_key, keys.certificado, now)
        for folio in range(1, COPIES + 1)
    ]
    turns: Iterator[DteFirmado] = cycle(invoices)
    ours = milliseconds(lambda: draw(next(turns)), rounds=COPIES)
    floor = milliseconds(lambda: _symbol(next(turns).ted), rounds=COPIES)
    one = invoices[0]
    read = _read(draw(one)) == [one.ted]
    mark = "met" if ours <= LIMIT_MS and read else "NOT MET"
    print(
        f"P12  letter PDF with its stamp                        {ours:6.1f} ms  (goal {LIMIT_MS}, {mark})  ours "
        f"{1000 / ours:8.1f}/s  symbol alone {1000 / floor:8.1f}/s; bar code "
        f"{'reads back byte for byte' if read else 'DOES NOT READ BACK'}"
    )


def draw(invoice: DteFirmado) -> bytes:
    """Return the letter PDF of a signed invoice."""
    copy = printed_copy(
        invoice.xml, resolucion_numero=80, resolucion_fecha=date(2014, 8, 22), sucursal_sii="Santiago Centro"
    )
    return render_pdf(copy, "carta")


def _symbol(ted: bytes) -> None:
    zxingcpp.create_barcode(ted, zxingcpp.BarcodeFormat.PDF417)


def _read(pdf: bytes) -> list[bytes]:
    opened = pypdfium2.PdfDocument(pdf)
    page = opened[0]
    image = page.render(scale=300 / 72).to_pil()
    page.close()
    opened.close()
    return [code.bytes for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)]
