"""What happens to a document after its sale, outside of it."""

from torn_app.documents import service
from torn_app.infra import work
from torn_app.infra.jobs import tasks
from torn_app.infra.work import Work


@tasks.task(name=service.SEND_JOB)
def send_document(schema: str, document_id: int) -> None:
    """Take a document to the tax service.

    In mode PRUEBA nothing leaves the server: the document ends SIMULADO. In the other modes it stays FIRMADO, which
    is what it is, until sending is built.
    """
    work.run_job(schema, _send, document_id)


def _send(current: Work, document_id: int) -> None:
    if service.ambiente_of(current, document_id) == service.PRUEBA:
        service.advance(current, document_id, expected="FIRMADO", estado="SIMULADO")
