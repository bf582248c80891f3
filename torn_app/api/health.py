"""Whether Torn is there: two public routes."""

from fastapi import APIRouter

from torn_app.kernel.fields import Out

router = APIRouter(tags=["Health"])


class Greeting(Out):
    """What the root of the API says."""

    message: str


class Health(Out):
    """What a monitor asks for."""

    status: str
    service: str


@router.get("/")
def online() -> Greeting:
    """The greeting at the root of the API."""
    return Greeting(message="Sistema Torn Online")


@router.get("/health/")
def health() -> Health:
    """Answers while the process serves."""
    return Health(status="ok", service="Torn")
