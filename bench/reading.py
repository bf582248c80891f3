"""P4: a received envelope of 50 documents, verified and read, against signing as many documents and the set."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from bench.emission import envelope_of
from bench.material import material
from bench.report import side_by_side, tell
from torn_app.dte.recibidos import read_received
from torn_app.dte.tipos import TipoDte
from torn_app.kernel import clock

DOCUMENTS = 50


def run() -> None:
    """Measure P4. The floor is the two RSA signatures of each document and the one of the set."""
    keys = material(TipoDte.BOLETA)
    envelope = envelope_of(TipoDte.BOLETA, keys, clock.now(), DOCUMENTS)()
    if not all(dte.verificado for dte in read_received(envelope).dtes):
        raise RuntimeError("the envelope does not verify")

    def floor() -> None:
        keys.floor(DOCUMENTS)
        keys.certificado.key.sign(b"x" * 600, padding.PKCS1v15(), hashes.SHA1())

    tell(
        "P4",
        f"an envelope of {DOCUMENTS} verified and read",
        *side_by_side(lambda: read_received(envelope), floor),
        0.70,
    )
