"""Envelopes in which signed documents travel to the tax service or to a customer.

Source: schemas EnvioDTE_v10 and EnvioBOLETA_v11; SII, Instructivo Técnico DTE, "Envío": documents are inserted byte
for byte, the set is signed over the final bytes, nothing is serialised again.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from torn_app.dte.canonico import canonical_inside_set
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido
from torn_app.dte.firma import IN_SCOPE, Certificado, canonicalize, sign_element
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import DECLARATION
from torn_app.dte.xml_seguro import SII, strip_declaration
from torn_app.kernel.clock import SANTIAGO, to_santiago
from torn_app.kernel.rut import TAX_SERVICE

MAX_DTES = 2000
"""Documents in an EnvioDTE (schema EnvioDTE_v10, note of 2010)."""
MAX_BOLETAS = 500
"""Documents in an EnvioBOLETA (schema EnvioBOLETA_v11)."""

_ID = "SetDoc"
_TIPO = re.compile(rb"<TipoDTE>(\d{2,3})</TipoDTE>")
_EMISOR = re.compile(rb"<RUTEmisor>([0-9K-]+)</RUTEmisor>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caratula:
    """The cover of an envelope. Resolution and its date belong to the company and to the environment."""

    rut_emisor: str
    rut_envia: str
    """Holder of the certificate that signs the envelope."""
    rut_receptor: str = TAX_SERVICE
    fecha_resolucion: date
    numero_resolucion: int
    """0 in certification."""


def build_envio_dte(dtes: Sequence[bytes], caratula: Caratula, certificado: Certificado, timestamp: datetime) -> bytes:
    """Return a signed EnvioDTE with up to 2000 signed documents that are not boletas.

    `dtes` are stored `<DTE>` documents; `timestamp` is aware, or naive Santiago wall time.

    Raises:
        DocumentoInvalido: none or too many, a boleta, or a document of another issuer.
        EsquemaInvalido: something that is not a signed `<DTE>`.
        FirmaInvalida: the certificate is not valid at that moment.
    """
    return _build("EnvioDTE", "EnvioDTE_v10.xsd", dtes, caratula, certificado, timestamp, boletas=False)


def build_envio_boleta(
    dtes: Sequence[bytes], caratula: Caratula, certificado: Certificado, timestamp: datetime
) -> bytes:
    """Return a signed EnvioBOLETA with up to 500 signed boletas (39, 41). Arguments and errors of build_envio_dte."""
    return _build("EnvioBOLETA", "EnvioBOLETA_v11.xsd", dtes, caratula, certificado, timestamp, boletas=True)


def _build(
    root: str,
    schema: str,
    dtes: Sequence[bytes],
    caratula: Caratula,
    certificado: Certificado,
    timestamp: datetime,
    *,
    boletas: bool,
) -> bytes:
    limit = MAX_BOLETAS if boletas else MAX_DTES
    if not 1 <= len(dtes) <= limit:
        raise DocumentoInvalido("dtes", f"Un envío lleva de 1 a {limit} documentos")
    moment = to_santiago(timestamp) if timestamp.tzinfo else timestamp.replace(tzinfo=SANTIAGO)
    certificado.check_valid_at(moment)
    bodies = [strip_declaration(dte).strip() for dte in dtes]
    counts = Counter(_check(body, caratula.rut_emisor, boletas=boletas) for body in bodies)
    cover = _cover(caratula, counts, moment.replace(tzinfo=None, microsecond=0).isoformat())
    head = f' ID="{_ID}">\n{cover}'.encode("ascii")
    content = head + b"\n".join(bodies) + b"\n</SetDTE>"
    signature = sign_element(_canonical_set(head, bodies, content), _ID, certificado).encode("ascii")
    opening = f'<{root} {IN_SCOPE} xsi:schemaLocation="{SII} {schema}" version="1.0">\n<SetDTE'.encode("ascii")
    return DECLARATION + opening + content + b"\n" + signature + f"\n</{root}>\n".encode("ascii")


def _canonical_set(head: bytes, bodies: Sequence[bytes], content: bytes) -> bytes:
    """Return the canonical form of the set; `content` is the whole of it after its name."""
    opening = f"<SetDTE {IN_SCOPE}".encode("ascii")
    own = [canonical_inside_set(body) for body in bodies]
    parts = [part for part in own if part is not None]
    if len(parts) < len(bodies):
        return canonicalize(opening + content)
    return opening + head + b"\n".join(parts) + b"\n</SetDTE>"


def _check(body: bytes, rut_emisor: str, *, boletas: bool) -> TipoDte:
    tipo, emisor = _TIPO.search(body), _EMISOR.search(body)
    if not (body.startswith(b"<DTE ") and body.endswith(b"</DTE>") and tipo and emisor):
        raise EsquemaInvalido("El documento por enviar no es un DTE firmado")
    if emisor.group(1).decode("ascii") != rut_emisor:
        raise DocumentoInvalido("rut_emisor", "Un envío lleva documentos de un solo emisor")
    try:
        found = TipoDte(int(tipo.group(1)))
    except ValueError as error:
        raise EsquemaInvalido("El documento por enviar es de un tipo desconocido") from error
    if found.es_boleta is not boletas:
        raise DocumentoInvalido("tipo", "Las boletas viajan en su propio envío, separadas de los demás documentos")
    return found


def _cover(caratula: Caratula, counts: Counter[TipoDte], stamp: str) -> str:
    subtotals = "".join(
        f"<SubTotDTE>\n<TpoDTE>{int(tipo)}</TpoDTE>\n<NroDTE>{counts[tipo]}</NroDTE>\n</SubTotDTE>\n"
        for tipo in sorted(counts)
    )
    return (
        '<Caratula version="1.0">\n'
        f"<RutEmisor>{caratula.rut_emisor}</RutEmisor>\n<RutEnvia>{caratula.rut_envia}</RutEnvia>\n"
        f"<RutReceptor>{caratula.rut_receptor}</RutReceptor>\n"
        f"<FchResol>{caratula.fecha_resolucion.isoformat()}</FchResol>\n"
        f"<NroResol>{caratula.numero_resolucion}</NroResol>\n<TmstFirmaEnv>{stamp}</TmstFirmaEnv>\n"
        f"{subtotals}</Caratula>\n"
    )
