"""P4: the signatures of a received envelope of 50 documents (the set's and each document's) verified, against signing
as many. Told beside it: the same envelope verified and read whole, with fields, stamps and folio authorisations."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from bench.emission import envelope_of
from bench.material import material
from bench.report import side_by_side, tell
from torn_app.dte.recibidos import read_received, verify_received
from torn_app.dte.tipos import TipoDte
from torn_app.kernel import clock

DOCUMENTS = 50


def run() -> None:
    """Measure P4. The floor is the two RSA signatures of each document and the one of the set."""
    keys = material(TipoDte.BOLETA)
    envelope = envelope_of(TipoDte.BOLETA, keys, clock.now(), DOCUMENTS)()
    found = read_received(envelope)
    holds = [dte.verificado and dte.timbre_valido for dte in found.dtes]
    if not (found.firma_set and found.firma_set.valida and all(holds) and len(holds) == DOCUMENTS):
        raise RuntimeError("the envelope does not verify")

    def floor() -> None:
        keys.floor(DOCUMENTS)
        keys.certificado.key.sign(b"x" * 600, padding.PKCS1v15(), hashes.SHA1())

    verified = side_by_side(lambda: verify_received(envelope), floor)
    tell("P4", f"an envelope of {DOCUMENTS} verified", *verified, 0.70)
    tell("P4", "the same, read whole", *side_by_side(lambda: read_received(envelope), floor), None)
