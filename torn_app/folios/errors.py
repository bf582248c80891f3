"""Why a number, a range or a certificate is refused."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound


class FolioExhausted(Conflict):
    """No authorised number is left for the type."""

    message = (
        "No quedan números autorizados para {name}. Avisa al administrador: hay que pedir y cargar un rango nuevo."
    )


class CafRefused(InvalidInput):
    """The file is not a range this company may use: the message says why."""


class CafOverlaps(Conflict):
    """Some of the numbers are loaded already."""

    message = "El rango {desde}-{hasta} se cruza con uno ya cargado ({other_desde}-{other_hasta})."


class CertificateRefused(InvalidInput):
    """The file is not a certificate that can sign: the message says why."""


class CertificateMissing(NotFound):
    """The company has no certificate of its own."""

    message = "La empresa aún no tiene un certificado digital cargado."


class CertificateNeeded(Conflict):
    """Outside mode PRUEBA nothing can be signed without the company's own certificate."""

    message = "Falta el certificado digital vigente de la empresa. Avisa al administrador."
