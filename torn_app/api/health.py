"""Whether Torn is there: two public routes."""

from fastapi import APIRouter

from torn_app.kernel.fields import Out

router = APIRouter(tags=["health"])


class Greeting(Out):
    """What the root of the API says."""

    message: str


class Health(Out):
    """What a monitor asks for."""

    status: str
    service: str


@router.get("/")
def online() -> Greeting:
    """Saludo en la raíz de la API."""
    return Greeting(message="Sistema Torn Online")


@router.get("/health/")
def health() -> Health:
    """Responde mientras el servicio está en pie."""
    return Health(status="ok", service="Torn")
