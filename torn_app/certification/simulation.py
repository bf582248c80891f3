"""The set of simulation: documents of the company's own sales, gathered in one envelope."""

from datetime import date

from sqlmodel import col, select

from torn_app.certification import stored
from torn_app.certification.choice import Candidate, choose
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.models import CertificationCase, CertificationSet
from torn_app.certification.stored import SIMULATION, IssuedSet
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

SIMULATION_MIN, SIMULATION_MAX = 10, 100
"""Documents of the envelope (SII, Manual de Certificación, simulation)."""
_LOOKED_AT = 1000
"""The newest documents the mix is taken from."""
_REFUSED = "RECHAZADO"


@use_case(Permission.ADMIN)
@documents.refusals
def simulation(work: Work, desde: date, attempt: int = 1) -> IssuedSet:
    """Return one envelope with 10 to 100 documents that the company issued since `desde` in its mode, in its mix.

    They are those of its ordinary sales: neither boletas, which travel apart, nor documents of a set. The same attempt
    again gives the same envelope.

    Raises CertificationRefused when there are fewer than ten.
    """
    issuer = stored.issuer_of(work)
    before = stored.find(work, issuer.ambiente, SIMULATION, attempt)
    if before is not None:
        return stored.answer(work, before, repeated=True)
    row, set_id = stored.begin(work, issuer.ambiente, SIMULATION, attempt, "")
    of_a_set = (
        select(CertificationCase.document_id)
        .join(CertificationSet, col(CertificationSet.id) == CertificationCase.set_id)
        .where(CertificationSet.attention != SIMULATION)
    )
    found = work.session.exec(
        select(Document.id, Document.xml)
        .where(
            Document.ambiente == issuer.ambiente,
            col(Document.tipo_dte).not_in([int(t) for t in TipoDte if t.es_boleta]),
            Document.fecha_emision >= desde,
            Document.estado != _REFUSED,
            col(Document.replaced_at).is_(None),
            col(Document.id).not_in(of_a_set),
        )
        .order_by(col(Document.id).desc())
        .limit(_LOOKED_AT)
    ).all()
    xmls = {key: xml for key, xml in found if key is not None}
    chosen = choose([_candidate(key, xml) for key, xml in xmls.items()], SIMULATION_MAX)
    if len(chosen) < SIMULATION_MIN:
        raise CertificationRefused(
            f"La simulación necesita {SIMULATION_MIN} documentos y hay {len(chosen)} desde el {desde:%d-%m-%Y}"
        )
    for number, key in enumerate(chosen, 1):
        work.session.add(CertificationCase(set_id=set_id, case_number=number, document_id=key))
    row.envio_dte = stored.envelope(work, issuer, [xmls[key] for key in chosen])
    work.session.flush()
    return stored.answer(work, row, repeated=False)


def _candidate(key: int, xml: bytes) -> Candidate:
    read = read_dte(xml)
    return Candidate(
        id=key,
        tipo=int(read.tipo),
        folio=read.folio,
        traslado=read.indicador_traslado,
        corrects=tuple(
            (int(one.tipo), int(one.folio))
            for one in read.referencias
            if one.codigo and one.tipo and one.folio and one.tipo.isdecimal() and one.folio.isdecimal()
        ),
    )
