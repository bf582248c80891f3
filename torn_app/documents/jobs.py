"""What happens to a document after its sale, outside of it."""

from procrastinate import RetryStrategy

from torn_app.documents import sending, service
from torn_app.infra import work
from torn_app.infra.jobs import take_more, tasks
from torn_app.infra.work import Work


@tasks.task(name=service.SEND_JOB, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def send_document(schema: str, document_id: int) -> None:
    """Take a document to the tax service, and with it the others of its company that wait."""
    work.run_job(schema, _send, document_id)


@tasks.task(name=sending.ANSWER_JOB, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def answer_document(schema: str, document_id: int) -> None:
    """Write the late answer about a document."""
    work.run_job(schema, sending.receive_answer, document_id)


def _send(current: Work, document_id: int) -> None:
    others = take_more(current.connection, service.SEND_JOB, current.session.schema)
    sending.send(current, [document_id, *(int(job["document_id"]) for job in others)])
