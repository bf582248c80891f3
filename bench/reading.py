"""P4: a received envelope of 50 documents, verified and read, against signing as many documents and the set."""

from dataclasses import replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from bench.emission import RUT, material
from bench.report import side_by_side, tell
from torn_app.dte.recibidos import read_received
from torn_app.dte.sobre import Caratula, build_envio_boleta
from torn_app.dte.xml import issue_dte
from torn_app.kernel import clock

DOCUMENTS = 50


def run() -> None:
    """Measure P4. The floor is the two RSA signatures of each document and the one of the set."""
    now = clock.now()
    boleta, caf, caf_key, certificado = material()
    caratula = Caratula(
        rut_emisor=RUT, rut_envia=certificado.rut, fecha_resolucion=boleta.fecha_emision, numero_resolucion=0
    )
    numbered = [replace(boleta, folio=folio) for folio in range(1, DOCUMENTS + 1)]
    dtes = [issue_dte(one, caf, caf_key, certificado, now).xml for one in numbered]
    envelope = build_envio_boleta(dtes, caratula, certificado, now)
    if not all(dte.verificado for dte in read_received(envelope).dtes):
        raise RuntimeError("the envelope does not verify")
    message = b"x" * 600

    def floor() -> None:
        for _ in range(DOCUMENTS):
            certificado.key.sign(message, padding.PKCS1v15(), hashes.SHA1())
            caf_key.sign(message, padding.PKCS1v15(), hashes.SHA1())
        certificado.key.sign(message, padding.PKCS1v15(), hashes.SHA1())

    tell(
        "P4",
        f"an envelope of {DOCUMENTS} verified and read",
        *side_by_side(lambda: read_received(envelope), floor),
        0.70,
    )
