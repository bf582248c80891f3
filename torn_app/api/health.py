"""Whether Torn is there: two public routes."""

from fastapi import APIRouter

router = APIRouter(tags=["Health"])


@router.get("/")
def online() -> dict[str, str]:
    """The greeting at the root of the API."""
    return {"message": "Sistema Torn Online"}


@router.get("/health/")
def health() -> dict[str, str]:
    """Answers while the process serves."""
    return {"status": "ok", "service": "Torn"}
