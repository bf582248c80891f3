"""What the command takes, and its help, in Spanish."""

import argparse
import re
import sys
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from torn_app.dte.aduanas import MONEDAS

COMMANDS: Final = {
    "review": "muestra cada caso con sus líneas y totales, sin tomar folios",
    "issue": "emite cada set en su envío, firmado, y lo deja en la carpeta; de boletas, también su consumo de folios",
    "books": "hace los libros de ventas, compras y guías que piden los sets, firmados, y los deja en la carpeta",
    "simulation": "reúne de 10 a 100 documentos recientes de la empresa en un envío",
    "samples": "deja los PDF de un set ya emitido o de la simulación, con sus copias cedibles",
}
_EPILOG: Final = """\
El orden: review, issue, samples; con el set básico aprobado, books; después simulation y samples --simulation.
Se repite sin miedo: el mismo intento deja los mismos archivos y no toma folios. Un set rechazado se emite de nuevo
con --attempt 2. Termina en 0 si todo se hizo, en 1 si algo no se pudo (lo dice) y en 2 si la orden no se entiende.
"""
_ENGLISH: Final = (
    (re.compile(r"the following arguments are required: (.+)"), r"falta \1"),
    (re.compile(r"argument (.+): expected at least one argument"), r"a \1 le falta su valor"),
    (re.compile(r"argument (.+): expected one argument"), r"a \1 le falta su valor"),
    (re.compile(r"argument (.+): invalid choice: (.+) \(choose from (.+)\)"), r"\2 no es una orden: elige entre \3"),
    (re.compile(r"argument (.+?): (.+)"), r"\1: \2"),
    (re.compile(r"unrecognized arguments: (.+)"), r"no se conoce \1"),
)


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Spanish."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **kwargs)
        self._positionals.title, self._optionals.title = "órdenes", "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda")

    def error(self, message: str) -> NoReturn:
        for english, spanish in _ENGLISH:
            if english.fullmatch(message):
                message = english.sub(spanish, message)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"No se entiende la orden: {message}\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return what was asked. Exits with 0 after the help and with 2 when it is not understood."""
    parser = _Parser(
        prog="python -m torn_app.certification",
        description="Sets de prueba del SII: leerlos, emitirlos, sus libros, la simulación y las muestras impresas.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="orden", parser_class=_Parser)
    for name, meaning in COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning[:1].upper() + meaning[1:] + ".")
        if name != "simulation":
            command.add_argument(
                "--file", nargs="+", default=[], metavar="ARCHIVO", help="archivos del SII, cada uno con uno o más sets"
            )
            command.add_argument(
                "--set",
                nargs="+",
                default=[],
                metavar="NÚMERO",
                help="solo los sets de estos números de atención (BOLETAS el de boletas); si falta, todos",
            )
        if name == "review":
            continue
        command.add_argument("--company", metavar="RUT", help="RUT de la empresa")
        command.add_argument("--out", metavar="CARPETA", help="carpeta donde dejar lo hecho")
        command.add_argument("--attempt", type=_attempt, default=1, metavar="N", help="intento, desde 1 (si falta, 1)")
        _own(name, command)
    return parser.parse_args(arguments)


def _own(name: str, command: argparse.ArgumentParser) -> None:
    if name == "issue":
        command.add_argument(
            "--rate",
            type=_rate,
            action="append",
            default=[],
            metavar="MONEDA=PESOS",
            help='tipo de cambio del día, que los sets de exportación no traen: --rate "EURO=1015.27"',
        )
    if name == "books":
        command.add_argument(
            "--set-attempt",
            type=_attempt,
            metavar="N",
            help="intento del set del que se hace el libro (si falta, el mismo número)",
        )
    if name == "samples":
        command.add_argument("--simulation", action="store_true", help="las de la simulación: una de cada clase")


def _checked(what: str) -> Callable[[str], argparse.ArgumentTypeError]:
    return lambda text: argparse.ArgumentTypeError(f"«{text}» {what}")


def _attempt(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise _checked("no es un intento: se cuentan desde 1")(text)
    return int(text)


def _rate(text: str) -> tuple[str, Decimal]:
    moneda, _, rate = text.partition("=")
    try:
        value = Decimal(rate)
    except InvalidOperation:
        value = Decimal(0)
    if moneda.upper() not in MONEDAS or not (value.is_finite() and 0 < value < 10**6):
        raise _checked("no es un tipo de cambio: se escribe MONEDA=PESOS, con punto para los decimales")(text)
    return moneda.upper(), value
