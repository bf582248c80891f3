"""What a document should say about the journey of its goods and does not: told with the answer, never a refusal."""

from torn_app.dte.avisos_traslado import transport_warnings
from torn_app.dte.documento import Documento
from torn_app.sales.schemas import SaleOut


def with_warnings(sale: SaleOut, documento: Documento) -> SaleOut:
    """Return the answer of a sale with what its document lacks, from the day the rule is in force."""
    sale.avisos = list(transport_warnings(documento))
    return sale
