"""What a browser may send along with an event: exactly what the handler's signature says, and nothing absurd.

The framework only tries to convert arguments and hands over what it could not; a handler need not mind.
"""

import inspect
from collections.abc import Mapping
from functools import lru_cache
from types import FunctionType
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from reflex_base.event import EventHandler

from torn_app.kernel.fields import MAX_ID

MAX_TEXT = 200_000
"""Characters. Longer than any ticket a browser keeps, far longer than what a person types."""
_DEPTH = 6


def fits(handler: EventHandler, payload: Mapping[str, Any]) -> bool:
    """Tell whether a payload is what a handler takes: its names, its types, texts the database can hold."""
    known, needed, types = _signature(handler.fn)
    if not needed <= payload.keys() <= known:
        return False
    try:
        for name, value in payload.items():
            types[name].validate_python(value, strict=True)
    except ValidationError:
        return False
    return all(_sane(value, _DEPTH) for value in payload.values())


@lru_cache(maxsize=1024)
def _signature(fn: FunctionType) -> tuple[frozenset[str], frozenset[str], dict[str, TypeAdapter[Any]]]:
    hints = get_type_hints(fn)
    parameters = list(inspect.signature(fn).parameters.values())[1:]
    types = {p.name: _adapter(hints.get(p.name, Any)) for p in parameters}
    needed = frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty)
    return frozenset(types), needed, types


def _adapter(hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))


def _sane(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, int):
        return -MAX_ID <= value <= MAX_ID
    if isinstance(value, Mapping):
        return depth > 0 and all(_sane(item, depth - 1) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple):
        return depth > 0 and all(_sane(item, depth - 1) for item in value)
    return True
