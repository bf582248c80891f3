"""State of the catalogue beside the ticket: search, categories, tiles."""

from typing import Any, ClassVar

import reflex as rx

from torn_app.kernel.permissions import Permission
from torn_app.products.catalog import categories, favourites, search_catalog
from torn_app.sales.pos_views import TileView, tile_view
from torn_app.ui.base import Calls

PAGE = 60
ALL, FAVOURITES = "Todo", "Favoritos"


class CatalogueState(Calls, rx.State):
    """What can be sold, by name. A search looks everywhere, whatever the chip."""

    requires: ClassVar[Permission] = Permission.SELL

    loading: bool = True
    query: str = ""
    chips: list[str] = []
    chosen: str = ALL
    tiles: list[TileView] = []
    more: bool = False

    @rx.event
    async def load(self) -> None:
        """Read the categories and the first tiles: the favourites, where somebody chose any."""
        shelves = await self.call(categories)
        loved = await self.call(favourites, PAGE)
        if shelves is None or loved is None:
            return
        self.chips = [*([FAVOURITES] if loved else []), ALL, *shelves]
        if self.chosen not in self.chips or not self.tiles:
            self.chosen = self.chips[0]
        await self._read()
        self.loading = False

    @rx.event
    async def search(self, text: str) -> None:
        """Look for every word of a text in names and codes."""
        self.query = str(text)[:100]
        await self._read()

    @rx.event
    async def choose(self, chip: str) -> Any:
        """Show one category; what was searched for is done with."""
        self.chosen, self.query = str(chip), ""
        await self._read()
        return rx.set_value("catalogue-search", "")

    @rx.event
    async def load_more(self) -> None:
        """Show the next tiles, after the ones already there."""
        if self.more and self.tiles:
            await self._read(after=self.tiles[-1].id)

    async def _read(self, after: int | None = None) -> None:
        if self.query.strip():
            found = await self.call(search_catalog, self.query, None, PAGE, after)
        elif self.chosen == FAVOURITES:
            found = await self.call(favourites, PAGE)
        else:
            found = await self.call(search_catalog, None, None if self.chosen == ALL else self.chosen, PAGE, after)
        if found is None:
            return
        views = [tile_view(tile) for tile in found]
        self.tiles = [*self.tiles, *views] if after is not None else views
        self.more = len(found) == PAGE and self.chosen != FAVOURITES
