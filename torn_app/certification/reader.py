"""Reading the tax service's test texts. Pure: bytes in, values out; a line not understood stops everything."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from torn_app.certification import words
from torn_app.certification.boletas_reader import read_boletas
from torn_app.certification.boletas_text import read_boletas_text
from torn_app.certification.books_reader import read_guides, read_purchases, read_sales
from torn_app.certification.case_reader import CASE, read_case
from torn_app.certification.errors import SetRefused
from torn_app.certification.sets import BOLETAS, Case, TestSet
from torn_app.certification.texts import RULE, Line
from torn_app.certification.words import plain

_LINE_END = re.compile(r"\r\n|\n|\r")
_SET = re.compile(r"SET (.+?) ?- NUMERO DE ATENCION: *(\d+)")
_BOOKS: dict[str, Callable[[str, str, list[Line]], TestSet]] = {
    "LIBRO DE COMPRAS": read_purchases,
    "LIBRO DE VENTAS": read_sales,
    "LIBRO DE GUIAS": read_guides,
}


def read_sets(content: bytes, only: Collection[str] = ()) -> tuple[TestSet, ...]:
    """Return the sets of a file, in its order: a text with one or more sets, or the set of boletas (text or CSV).

    ISO-8859-1; a file whose accents are well-formed UTF-8 is read as that. With `only`, the sets of those attention
    numbers that the file has; the others are not even looked at, and may ask for what Torn does not issue.

    Raises SetRefused naming the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    lines = [(number, line.rstrip()) for number, line in enumerate(_LINE_END.split(text), 1)]
    written = [(number, line) for number, line in lines if line.strip()]
    if written and ";" in written[0][1]:
        return (read_boletas(written),) if not only or BOLETAS in only else ()
    if written and words.BOLETAS_TITULO.fullmatch(plain(written[0][1])):
        return (read_boletas_text(written),) if not only or BOLETAS in only else ()
    sets, advice = _split(written)
    if not sets:
        raise SetRefused(1, "el archivo no tiene ningún set", text[:40])
    attentions = [attention for _, _, attention, _ in sets]
    for number, _, attention, _ in sets:
        if attentions.count(attention) > 1:
            raise SetRefused(number, "el set está repetido", attention)
    found = [_read(*one) for one in sets if not only or one[2] in only]
    if not found:
        return ()
    return (replace(found[0], advice=(*advice, *found[0].advice)), *found[1:])


def _split(lines: list[Line]) -> tuple[list[tuple[int, str, str, list[Line]]], list[str]]:
    """Return line, name, attention number and body of each set, and the advice before the first one."""
    parts: list[tuple[int, str, str, list[Line]]] = []
    advice: list[str] = []
    for number, line in lines:
        title, case = _SET.fullmatch(plain(line)), CASE.fullmatch(plain(line))
        if title:
            parts.append((number, title[1], title[2], []))
            continue
        # A set may come without its title: the number of its cases tells it from the one before.
        if case and (not parts or parts[-1][2] != case[1]):
            parts.append((number, "", case[1], []))
        if parts:
            parts[-1][3].append((number, line))
        else:
            _advice(number, line, advice, "texto antes del primer set o caso")
    return parts, advice


def _read(start: int, nombre: str, attention: str, lines: list[Line]) -> TestSet:
    if nombre in _BOOKS:
        return _BOOKS[nombre](nombre, attention, lines)
    groups: list[list[Line]] = []
    advice: list[str] = []
    for number, line in lines:
        if CASE.fullmatch(plain(line)):
            groups.append([(number, line)])
        elif groups:
            groups[-1].append((number, line))
        else:
            _advice(number, line, advice, "texto antes del primer caso")
    cases: dict[int, Case] = {}
    for group in groups:
        case = read_case(attention, cases, group)
        if case.number in cases:
            raise SetRefused(case.line, "el caso está repetido", group[0][1])
        cases[case.number] = case
    if not cases:
        raise SetRefused(start, "el set no tiene casos ni es un libro conocido", f"{nombre} {attention}")
    return TestSet(nombre=nombre, attention=attention, cases=tuple(cases.values()), advice=tuple(advice))


def _advice(number: int, line: str, advice: list[str], problem: str) -> None:
    """Keep a line of general advice; any other text but a rule is refused."""
    if plain(line).startswith(words.CONSEJOS):
        advice.append(" ".join(line.split()))
    elif not RULE.fullmatch("".join(line.split())):
        raise SetRefused(number, problem, line)
