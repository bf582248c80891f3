"""The certification kit on the server's command line, in the words of those who use it."""

import os
import tempfile
from argparse import Namespace
from collections.abc import Collection, Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import col, select

from torn_app.auth import service as auth
from torn_app.certification import books_service, options, samples, service, simulation
from torn_app.certification.errors import CertificationRefused, RateMissing, SetRefused
from torn_app.certification.reader import read_sets
from torn_app.certification.service import ReviewedCase
from torn_app.certification.sets import Book, TestSet
from torn_app.certification.stored import SIMULATION, IssuedSet
from torn_app.dte.impresion_textos import numero
from torn_app.dte.lineas import Detalle
from torn_app.infra import work
from torn_app.infra.work import Authenticate, PlatformWork
from torn_app.kernel import clock
from torn_app.kernel.errors import TornError
from torn_app.kernel.money import Pesos, format_pesos
from torn_app.kernel.rut import RutInvalido, normalize_rut
from torn_app.saas.models import Account, Tenant

_SIMULATION_DAYS = 60
NEED_DATABASE = frozenset({"issue", "books", "simulation", "samples"})


def main(arguments: list[str]) -> int:
    """Run one command and return the exit status; what went wrong is said in Spanish."""
    given = options.parse(arguments)
    try:
        _run(given)
    except RateMissing as error:
        print(f'No se pudo: {error}. Dalo con --rate "{error.moneda}=PESOS"')
        return 1
    except (TornError, RutInvalido, OSError) as error:
        print(f"No se pudo: {error}")
        return 1
    return 0


def _run(given: Namespace) -> None:
    sets = _read(getattr(given, "file", []), getattr(given, "set", []))
    if not sets and given.command != "simulation" and not getattr(given, "simulation", False):
        raise CertificationRefused("Falta el archivo del set: --file set.txt")
    if given.command == "review":
        for test_set in sets:
            _print_review(test_set)
        return
    if not given.company or not given.out:
        raise CertificationRefused("Faltan la empresa y la carpeta: --company RUT --out carpeta")
    authenticate = work.run_platform(auth.nobody, _administrator_of, given.company)
    out = Path(given.out)
    out.mkdir(parents=True, exist_ok=True)
    if given.command == "simulation":
        desde = clock.santiago_date(clock.now()) - timedelta(days=_SIMULATION_DAYS)
        _write_set(out, work.run_at(None, authenticate, simulation.simulation, desde, given.attempt))
    elif given.command == "samples":
        _samples(authenticate, given, sets, out)
    else:
        _issue(authenticate, given, sets, out)


def _read(files: Iterable[str], only: Collection[str]) -> tuple[TestSet, ...]:
    sets: list[TestSet] = []
    for file in files:
        try:
            found = read_sets(Path(file).read_bytes(), only)
        except SetRefused as error:
            raise CertificationRefused(f"{file}: {error}") from error
        for test_set in found:
            if test_set.attention in [one.attention for one in sets]:
                raise CertificationRefused(f"El set {test_set.attention} está en dos archivos")
            sets.append(test_set)
    for attention in only:
        if attention not in [one.attention for one in sets]:
            raise CertificationRefused(f"Ningún archivo trae el set {attention}")
    return tuple(sets)


def _issue(authenticate: Authenticate, given: Namespace, sets: tuple[TestSet, ...], out: Path) -> None:
    books = given.command == "books"
    for test_set in sets:
        if (test_set.book is not None) is not books:
            what = f"pide el {test_set.book.value}" if test_set.book else "pide documentos"
            print(f"Set {test_set.attention}: {what}, que se hace con la orden {'issue' if books else 'books'}")
            continue
        _print_advice(test_set)
        if books:
            issued = work.run_at(
                None,
                authenticate,
                books_service.issue_book,
                test_set,
                given.attempt,
                source_attempt=given.set_attempt,
                beside=[one.attention for one in sets],
            )
        else:
            issued = work.run_at(None, authenticate, service.issue_set, test_set, given.attempt, dict(given.rate))
        _write_set(out, issued)
        if test_set.book is Book.GUIAS and issued.cases:
            print("  Sube primero el envío de la factura de la guía y, cuando esté aceptada, el libro")


def _samples(authenticate: Authenticate, given: Namespace, sets: tuple[TestSet, ...], out: Path) -> None:
    attentions = [one.attention for one in sets if one.book is None]
    for attention in [*attentions, *([SIMULATION] if given.simulation else [])]:
        for sample in work.run_at(None, authenticate, samples.samples, attention, given.attempt):
            _write(out / sample.name, sample.pdf)
            print(f"Muestra {sample.name}: {len(sample.pdf) // 1000 + 1} KB")


def _write_set(out: Path, issued: IssuedSet) -> None:
    print(
        f"Set {issued.attention}, intento {issued.attempt}: " + ("ya estaba emitido" if issued.repeated else "emitido")
    )
    for case in issued.cases:
        print(f"  Caso {case.number}: {case.tipo.nombre} folio {case.folio}, total {format_pesos(case.monto_total)}")
    for file in issued.files:
        _write(out / file.name, file.content)
        print(f"Archivo {out / file.name}")


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: nobody uploads half of one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _print_advice(test_set: TestSet) -> None:
    for line in test_set.advice:
        print(f"  Aviso del SII: {line}")


def _print_review(test_set: TestSet) -> None:
    print(f"Set {test_set.attention} {test_set.nombre}".rstrip())
    _print_advice(test_set)
    for row in test_set.purchases:
        print(
            f"  {row.documento} {row.folio}: exento {format_pesos(row.exento)}, afecto {format_pesos(row.afecto)}"
            f" ({row.observacion}: {row.tratamiento.value})"
        )
    if test_set.factor_proporcionalidad is not None:
        print(f"  Factor de proporcionalidad del IVA de uso común: {numero(test_set.factor_proporcionalidad)}")
    for name, cases in (("facturadas", test_set.billed), ("anuladas", test_set.voided)):
        if cases:
            print(f"  Guías {name}: caso {', '.join(map(str, cases))}")
    for one in service.review(test_set):
        _print_case(one)
    for moneda in test_set.currencies:
        print(f'  Para emitirlo hace falta el tipo de cambio del día: --rate "{moneda}=PESOS"')


def _print_case(one: ReviewedCase) -> None:
    def amount(value: Decimal | int) -> str:
        if one.moneda is None:
            return format_pesos(Pesos(int(value)))
        return f"{numero(Decimal(value), 2)} {one.moneda}"

    case = one.case
    about = f", {case.razon} del caso {case.refers_to}" if case.refers_to is not None else ""
    print(f"  Caso {case.number}: {case.tipo.nombre}{about}")
    for line, total in one.lines:
        print(f"    {line.nombre}: {numero(line.cantidad)} x {numero(line.precio)}{_adjusted(line)} = {amount(total)}")
    for name, surcharge in case.exportacion.recargos if case.exportacion else ():
        print(f"    Recargo {name}: {amount(surcharge)}")
    if case.descuento_global_pct is not None:
        print(f"    Descuento global {numero(case.descuento_global_pct)} %")
    if one.moneda is None:
        withheld = f", IVA retenido {amount(one.retenido)}" if one.retenido else ""
        print(f"    Neto {amount(one.neto)}, exento {amount(one.exento)}, IVA {amount(one.iva)}{withheld}, ", end="")
        print(f"total {amount(one.total)}")
    else:
        print(f"    Exento {amount(one.exento)}, total {amount(one.total)}")


def _adjusted(line: Detalle) -> str:
    less = f" - {numero(line.descuento_pct)} %" if line.descuento_pct else ""
    return less + (f" + {numero(line.recargo_pct)} %" if line.recargo_pct else "")


def _administrator_of(current: PlatformWork, company: str) -> Authenticate:
    """Return who acts: whoever can start this command owns the server, and acts as its first administrator."""
    tenant = current.session.exec(select(Tenant).where(Tenant.rut == normalize_rut(company))).first()
    account = current.session.exec(
        select(Account).where(col(Account.is_superuser), col(Account.is_active)).order_by(col(Account.id))
    ).first()
    if tenant is None or tenant.id is None:
        raise CertificationRefused(f"No hay una empresa con RUT {company}")
    if account is None or account.id is None:
        raise CertificationRefused("No hay un administrador de la plataforma")
    return auth.actor_by_account(account.id, tenant.id)
