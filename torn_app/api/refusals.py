"""Which refusals an operation may answer, by name, for its OpenAPI.

The truth is where the rule is: the docstring of a use case names what it raises. Here those names become error codes
with their texts, so the document cannot say other than the code does.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from torn_app.api.errors import STATUS
from torn_app.kernel.errors import AdminRequired, NotAllowed, TornError
from torn_app.kernel.permissions import Permission

_NAME = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\b")


def refusals_of(use_case: Callable[..., Any]) -> dict[str, list[type[TornError]]]:
    """Return HTTP status -> refusals a use case names in its docstring, with the one for a missing permission."""
    found: dict[str, list[type[TornError]]] = {}
    text = (use_case.__doc__ or "").partition("Raises")[2]
    named = [_best(known[name], use_case) for name in _NAME.findall(text) if name in (known := _by_name())]
    for refusal in [*_of_permission(use_case), *named]:
        rows = found.setdefault(str(STATUS[refusal.kind]), [])
        if refusal not in rows:
            rows.append(refusal)
    return found


def example_of(refusal: type[TornError]) -> dict[str, Any]:
    """Return a refusal as an OpenAPI example: the words in braces are the facts of the moment."""
    about = (refusal.__doc__ or "").strip().splitlines()[0]
    text = refusal.message or about
    return {"summary": text, "value": {"detail": text, "error": refusal.__name__}}


def _of_permission(use_case: Callable[..., Any]) -> list[type[TornError]]:
    permission = getattr(use_case, "requires", None)
    if permission is None or permission is Permission.MEMBER:
        return []
    return [AdminRequired if permission is Permission.ADMIN else NotAllowed]


def _best(candidates: list[type[TornError]], use_case: Callable[..., Any]) -> type[TornError]:
    """Of refusals of one name, the one of the use case's own package."""
    package = use_case.__module__.rpartition(".")[0]
    own = [refusal for refusal in candidates if refusal.__module__.startswith(package)]
    return (own or candidates)[0]


@cache
def _by_name() -> dict[str, list[type[TornError]]]:
    names: dict[str, list[type[TornError]]] = {}
    for refusal in _subclasses(TornError):
        names.setdefault(refusal.__name__, []).append(refusal)
    return names


def _subclasses(parent: type[TornError]) -> Iterator[type[TornError]]:
    for child in parent.__subclasses__():
        if hasattr(child, "kind"):
            yield child
        yield from _subclasses(child)
