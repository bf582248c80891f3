"""Carrying deliveries out: the request is made between two transactions, never inside one."""

import httpx
from procrastinate import RetryStrategy

from torn_app.infra import outgoing, work
from torn_app.infra.jobs import tasks
from torn_app.infra.outgoing import AddressRefused
from torn_app.integrations import webhooks


@tasks.task(name=webhooks.DELIVER_JOB, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def deliver_webhook(schema: str, delivery_id: int) -> None:
    """Try a delivery once. What comes of it, the next try too, is written down."""
    ready = work.run_job(schema, webhooks.take, delivery_id)
    if ready is None:
        return
    status: int | None = None
    try:
        status, said = outgoing.post(ready.url, ready.body, ready.headers, public_only=ready.public_only)
    except AddressRefused as refused:
        said = str(refused)
    except (httpx.HTTPError, OSError) as error:
        said = f"Sin respuesta ({type(error).__name__})"
    work.run_job(schema, webhooks.settle, ready.id, status, said)
