"""What happens to a document after its sale, outside of it."""

from procrastinate import RetryStrategy

from torn_app.documents import service
from torn_app.infra import work
from torn_app.infra.jobs import take_more, tasks
from torn_app.infra.work import Work


@tasks.task(name=service.SEND_JOB, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def send_document(schema: str, document_id: int) -> None:
    """Take a document to the tax service, and with it the others of its company that wait.

    In mode PRUEBA nothing leaves the server: the documents end SIMULADO. In the other modes they stay FIRMADO, which
    is what they are, until sending is built.
    """
    work.run_job(schema, _send, document_id)


def _send(current: Work, document_id: int) -> None:
    others = take_more(current.connection, service.SEND_JOB, current.session.schema)
    waiting = [document_id, *(int(job["document_id"]) for job in others)]
    in_test = service.issued_in(current, waiting, service.PRUEBA)
    service.advance(current, in_test, expected="FIRMADO", estado="SIMULADO")
