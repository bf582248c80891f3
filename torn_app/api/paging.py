"""Pages of a list over HTTP: `skip`, `limit`, `after`, and the total in a header when asked for."""

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.paging import Listing, Page

TOTAL_HEADER = "X-Total-Count"

CountQuery = Annotated[bool, Query(description="Agrega el encabezado X-Total-Count")]
"""Whether the number of rows on all pages is wanted too."""


def _page(
    skip: Annotated[int, Query(ge=0, le=MAX_ID, description="Filas que se saltan")] = 0,
    limit: Annotated[int | None, Query(ge=1, le=MAX_ID, description="Máximo de filas; sin él, todas")] = None,
    after: Annotated[int | None, Query(ge=0, le=MAX_ID, description="Id de la última fila ya vista")] = None,
    count: CountQuery = False,
) -> Page:
    return Page(skip, limit, after, count)


PageQuery = Annotated[Page, Depends(_page)]
"""The part of a list a request wants."""
SearchQuery = Annotated[str | None, Query(max_length=200, description="Texto que se busca")]


def rows_of(listing: Listing[Any], response: Response) -> list[Any]:
    """Return the rows of a listing, saying its total in the header when it is known."""
    if listing.total is not None:
        response.headers[TOTAL_HEADER] = str(listing.total)
    return listing.rows
