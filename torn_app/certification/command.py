"""The certification kit on the server's command line, in the words of those who use it."""

import argparse
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from torn_app.auth import service as auth
from torn_app.certification import service
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.reader import read_sets
from torn_app.certification.service import Envelope
from torn_app.certification.sets import Case, TestSet
from torn_app.dte.totales import Totales
from torn_app.infra import work
from torn_app.infra.work import Authenticate, PlatformWork
from torn_app.kernel import clock
from torn_app.kernel.errors import TornError
from torn_app.kernel.money import format_pesos
from torn_app.kernel.rut import RutInvalido, normalize_rut
from torn_app.saas.models import Account, Tenant

_SIMULATION_DAYS = 60
_COMMANDS = {
    "review": "muestra cada caso con sus líneas y totales, sin tomar folios",
    "issue": "emite cada set en su envío, firmado, y lo deja en la carpeta",
    "simulation": "reúne de 10 a 100 documentos recientes de la empresa en un envío",
    "samples": "deja los PDF de un set ya emitido, con sus copias cedibles",
}
NEED_DATABASE = frozenset({"issue", "simulation", "samples"})


def main(arguments: list[str]) -> int:
    """Run one command and return the exit status; what went wrong is said in Spanish."""
    given = _parser().parse_args(arguments)
    try:
        sets = read_sets(Path(given.file).read_bytes()) if given.file else ()
        if given.command != "simulation" and not sets:
            raise CertificationRefused("Falta el archivo del set: --file set.txt")
        if given.command == "review":
            for test_set in sets:
                _print_review(test_set)
            return 0
        if not given.company or not given.out:
            raise CertificationRefused("Faltan la empresa y la carpeta: --company RUT --out carpeta")
        authenticate = work.run_platform(auth.nobody, _administrator_of, given.company)
        out = Path(given.out)
        out.mkdir(parents=True, exist_ok=True)
        if given.command == "simulation":
            desde = clock.santiago_date(clock.now()) - timedelta(days=_SIMULATION_DAYS)
            _write(out, work.run_at(None, authenticate, service.simulation, desde))
            return 0
        for test_set in sets:
            if not test_set.cases:
                print(f"Set {test_set.attention}: {test_set.nombre} es de un libro, no tiene documentos")
            elif given.command == "issue":
                _issue(authenticate, test_set, given.attempt, out)
            else:
                for sample in work.run_at(None, authenticate, service.samples, test_set.attention, given.attempt):
                    (out / sample.name).write_bytes(sample.pdf)
                    print(f"Muestra {sample.name}: {len(sample.pdf) // 1000 + 1} KB")
    except (TornError, RutInvalido, OSError) as error:
        print(f"No se pudo: {error}")
        return 1
    return 0


def _issue(authenticate: Authenticate, test_set: TestSet, attempt: int, out: Path) -> None:
    issued = work.run_at(None, authenticate, service.issue_set, test_set, attempt)
    print(f"Set {issued.attention}, intento {attempt}: " + ("ya estaba emitido" if issued.repeated else "emitido"))
    for case in issued.cases:
        print(f"  Caso {case.number}: {case.tipo.nombre} folio {case.folio}, total {format_pesos(case.monto_total)}")
    for envelope in issued.envelopes:
        _write(out, envelope)


def _write(out: Path, envelope: Envelope) -> None:
    (out / envelope.name).write_bytes(envelope.xml)
    print(f"Envío {out / envelope.name}")


def _print_review(test_set: TestSet) -> None:
    print(f"Set {test_set.attention} {test_set.nombre}".rstrip())
    for row in test_set.purchases:
        print(
            f"  {row.documento} {row.folio}: exento {format_pesos(row.exento)}, afecto {format_pesos(row.afecto)}"
            f" ({row.observacion})"
        )
    for case, totals in service.review(test_set):
        _print_case(case, totals)


def _print_case(case: Case, totals: Totales) -> None:
    about = f", {case.razon} del caso {case.refers_to}" if case.refers_to is not None else ""
    print(f"  Caso {case.number}: {case.tipo.nombre}{about}")
    for line in totals.lineas:
        item = line.detalle
        amount = format_pesos(line.monto_item)
        print(f"    {item.nombre}: {item.cantidad.normalize():f} x {item.precio.normalize():f} = {amount}")
    if case.tipo.es_exportacion:
        print("    Montos en la moneda de la operación, sin sus decimales. El kit lee este documento y no lo emite.")
    print(
        f"    Neto {format_pesos(totals.monto_neto)}, exento {format_pesos(totals.monto_exento)}, "
        f"IVA {format_pesos(totals.iva)}, total {format_pesos(totals.monto_total)}"
    )


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m torn_app.certification")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in _COMMANDS.items():
        command = commands.add_parser(name, help=meaning)
        command.add_argument("--company", help="RUT de la empresa")
        command.add_argument("--file", help="archivo del SII con uno o más sets")
        command.add_argument("--out", help="carpeta donde dejar lo hecho")
        command.add_argument("--attempt", type=int, default=1, help="intento del set, desde 1")
    return parser
