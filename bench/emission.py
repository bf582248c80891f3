"""P1 and P3: documents stamped, signed and put in their envelope, against the RSA signatures nobody can do without.

Both start from plain values and build the document too. P1 also checks the whole envelope with the official schema,
compiled once; P3 is the service's way, one boleta alone in its envelope.
"""

from collections.abc import Callable
from datetime import datetime

from lxml import etree

from bench.material import Material, document, issuer, material
from bench.report import side_by_side, tell
from tests.judges import schema_folder
from torn_app.dte.sobre import build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.kernel import clock

DOCUMENTS = 50
KINDS = ((TipoDte.FACTURA, "EnvioDTE_v10.xsd", "invoices"), (TipoDte.BOLETA, "EnvioBOLETA_v11.xsd", "boletas"))


def run() -> None:
    """Measure P1 and P3. The floor of each is one 2048 and one 512 bit signature per document."""
    now = clock.now()
    for tipo, schema, name in KINDS:
        keys = material(tipo)
        checked = envelope_of(tipo, keys, now, DOCUMENTS, etree.XMLSchema(etree.parse(schema_folder() / schema)))
        ours, floor = side_by_side(checked, lambda keys=keys: keys.floor(DOCUMENTS))
        tell("P1", f"an envelope of {DOCUMENTS} {name}, schema checked", ours * DOCUMENTS, floor * DOCUMENTS, 0.50)
    keys = material(TipoDte.BOLETA)
    alone = envelope_of(TipoDte.BOLETA, keys, now, 1)
    tell("P3", "one boleta signed in its envelope", *side_by_side(alone, lambda: keys.floor(1)), 0.30)


def envelope_of(
    tipo: TipoDte, keys: Material, now: datetime, documents: int, schema: etree.XMLSchema | None = None
) -> Callable[[], bytes]:
    """Return what emits an envelope: values to documents, stamp, signature, envelope, and the schema if given."""
    build = build_envio_boleta if tipo.es_boleta else build_envio_dte

    def emit() -> bytes:
        emisor = issuer()
        signed = [
            issue_dte(document(tipo, folio, keys.today, emisor), keys.caf, keys.caf_key, keys.certificado, now).xml
            for folio in range(1, documents + 1)
        ]
        envelope = build(signed, keys.caratula, keys.certificado, now)
        if schema is not None:
            schema.assertValid(etree.fromstring(envelope))
        return envelope

    return emit
