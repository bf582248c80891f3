"""The command as its user meets it: files in a folder, words in Spanish, exit statuses."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.certification import texts
from tests.certification.issuing import issued, judged, person_in
from tests.certification.test_reader import sample
from tests.certification.test_simulation import Till
from tests.factories import Member, new_rut
from torn_app.certification.command import main
from torn_app.launch.places import ROOT


@pytest.fixture
def owner(engine: Engine) -> Iterator[Member]:
    """Somebody who administers a company in PRUEBA and the platform, which the command acts as."""
    person = person_in(engine, "PRUEBA")
    chosen = text("UPDATE account SET is_superuser = :value WHERE id = :id")
    with engine.begin() as connection:
        connection.execute(chosen, {"id": person.account_id, "value": True})
    yield person
    with engine.begin() as connection:
        connection.execute(chosen, {"id": person.account_id, "value": False})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_review_takes_no_numbers_and_needs_no_company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "set.txt"
    file.write_bytes(sample("001-basico.txt") + sample("003-compras.txt") + texts.LIBRO_GUIAS + texts.COMPRA)
    assert main(["review", "--file", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Caso 4: Factura electrónica" in said
    assert "220.036" in said
    assert "Pañuelo AFECTO: 235 x 1.926 - 4 % = $434.506" in said
    assert "Descuento global 6 %" in said
    assert "FACTURA 781: exento $0, afecto $30.171 (FACTURA CON IVA USO COMUN: uso común)" in said
    assert "Factor de proporcionalidad del IVA de uso común: 0,6" in said
    assert "Guías facturadas: caso 2" in said
    assert "IVA $418.533, IVA retenido $418.533, total $2.202.807" in said
    file.write_bytes(sample("001-basico.txt").replace(b"PRECIO UNITARIO", b"PRECIO TOTAL", 1))
    assert main(["review", "--file", str(file)]) == 1
    assert f"No se pudo: {file}: Línea 6: columna desconocida" in capsys.readouterr().out


def test_review_of_exports_in_their_currency(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "set.txt"
    file.write_bytes(sample("009-set_exportacion_1.txt"))
    assert main(["review", "--file", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Recargo FLETE: 460,59 EURO" in said
    assert "total 48.844,20 EURO" in said
    assert '--rate "EURO=PESOS"' in said


def test_issue_books_and_samples_of_a_file_with_many_sets(
    owner: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "set.txt", tmp_path / "out"
    samples = [sample(name) for name in ("001-basico.txt", "002-ventas.txt", "003-compras.txt")]
    own = [texts.GUIAS, texts.LIBRO_GUIAS, texts.EXENTA, texts.COMPRA]
    file.write_bytes(b"\r\n".join(samples + own))
    given = ["--company", owner.company.rut, "--file", str(file), "--out", str(out)]
    assert main(["issue", *given]) == 0
    said = capsys.readouterr().out
    assert "Set 414181, intento 1: emitido" in said
    assert "Set 414176: pide el libro de ventas, que se hace con la orden books" in said
    assert "Aviso del SII: INDICACIÓN: Se debe señalar el tipo de traslado" in said
    first = contents(out)
    assert sorted(first) == [f"set-{n}_intento-1_envio-dte.xml" for n in (414175, 414180, 414181, 414182)]
    assert main(["issue", *given]) == 0
    assert "ya estaba emitido" in capsys.readouterr().out
    assert contents(out) == first

    assert main(["books", *given]) == 0
    assert "Sube primero el envío de la factura de la guía" in capsys.readouterr().out
    books = contents(out)
    assert sorted(set(books) - set(first)) == [
        "set-414176_intento-1_libro-ventas.xml",
        "set-414177_intento-1_libro-compras.xml",
        "set-414183_intento-1_envio-dte.xml",
        "set-414183_intento-1_libro-guias.xml",
    ]
    assert main(["books", *given]) == 0
    assert contents(out) == books
    capsys.readouterr()

    assert main(["issue", *given, "--attempt", "2"]) == 0
    assert main(["books", *given, "--attempt", "2", "--set-attempt", "1"]) == 0
    assert len(contents(out)) == 2 * len(books)
    assert main(["books", *given, "--attempt", "3"]) == 1
    assert "aún no se ha emitido en el intento 3" in capsys.readouterr().out

    assert main(["samples", *given]) == 0
    printed = sorted(path.name for path in out.glob("*.pdf"))
    # 8 + 4 assignable, 3 + 2, 8 + 3, 3 + 1
    assert len(printed) == 32
    assert printed[0] == "set-414175_caso-01_tipo-33_folio-1.pdf"
    assert not list(out.glob(".*"))


def test_only_some_sets_of_a_file(owner: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "set.txt", tmp_path / "out"
    strange = texts.text(
        "SET BASICO LIQUIDACIONES - NUMERO DE ATENCION: 414190",
        *texts.case(414190, 1, "DOCUMENTO\tLIQUIDACION FACTURA ELECTRONICA"),
    )
    file.write_bytes(texts.GUIAS + texts.COMPRA + strange)
    given = ["--company", owner.company.rut, "--file", str(file), "--out", str(out)]
    assert main(["issue", *given]) == 1
    assert "documento desconocido «DOCUMENTO LIQUIDACION FACTURA ELECTRONICA»" in capsys.readouterr().out
    assert main(["issue", *given, "--set", "414182", "--attempt", "2"]) == 0
    assert list(contents(out)) == ["set-414182_intento-2_envio-dte.xml"]
    assert main(["issue", *given, "--set", "414180", "999"]) == 1
    assert "Ningún archivo trae el set 999" in capsys.readouterr().out
    assert main(["review", "--file", str(file), "--set", "BOLETAS"]) == 1


def test_exports_ask_for_their_rate(owner: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "set.txt", tmp_path / "out"
    file.write_bytes(texts.EXPORTACION_2)
    given = ["issue", "--company", owner.company.rut, "--file", str(file), "--out", str(out)]
    assert main([*given, "--rate", "DOLAR USA=945.12"]) == 1
    assert "falta su tipo de cambio del día, en pesos por unidad. El SII lo exige" in capsys.readouterr().out
    assert contents(out) == {}
    rates = ["--rate", "DOLAR USA=945.12", "--rate", "libra est=1250.5"]
    assert main([*given, *rates]) == 0
    assert "total $86.944.852" in capsys.readouterr().out
    (envelope,) = contents(out).values()
    assert len(judged(envelope)) == 3


def test_boletas_leave_envelope_and_summary(owner: Member, tmp_path: Path) -> None:
    file, out = tmp_path / "set.txt", tmp_path / "out"
    file.write_bytes(texts.BOLETAS_TEXTO)
    assert main(["issue", "--company", owner.company.rut, "--file", str(file), "--out", str(out)]) == 0
    assert sorted(contents(out)) == [
        "set-BOLETAS_intento-1_consumo-folios.xml",
        "set-BOLETAS_intento-1_envio-boleta.xml",
    ]


def test_simulation_and_its_samples(owner: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--company", owner.company.rut, "--out", str(tmp_path)]
    assert main(["samples", "--simulation", *given]) == 1
    assert "SIMULACION, intento 1, aún no se ha emitido" in capsys.readouterr().out
    till = Till(owner)
    for number in range(1, 11):
        till.sell(33, number)
    assert main(["simulation", *given]) == 0
    assert main(["samples", "--simulation", *given]) == 0
    assert sorted(contents(tmp_path)) == [
        "set-SIMULACION_caso-01_tipo-33_folio-1.pdf",
        "set-SIMULACION_caso-01_tipo-33_folio-1_cedible.pdf",
        "set-SIMULACION_intento-1_envio-dte.xml",
    ]


def test_what_fails_says_so_and_what_was_done_before_stays(
    owner: Member, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "set.txt", tmp_path / "out"
    file.write_bytes(texts.GUIAS + texts.EXENTA)
    given = ["--company", owner.company.rut, "--file", str(file), "--out", str(out)]
    assert main(["issue", "--company", new_rut(), *given[2:]]) == 1
    assert "No hay una empresa" in capsys.readouterr().out
    assert main(["issue", "--file", str(file)]) == 1
    assert "Faltan la empresa y la carpeta" in capsys.readouterr().out
    assert main(["issue", "--company", owner.company.rut, "--out", str(out)]) == 1
    assert "Falta el archivo del set" in capsys.readouterr().out
    assert main(["review", "--file", str(tmp_path / "nada.txt")]) == 1
    assert main(["review", "--file", str(file), str(file)]) == 1
    assert "El set 414180 está en dos archivos" in capsys.readouterr().out
    # The second set of the file was issued from another text: it stops the command, and the first one is there.
    issued(owner, texts.EXENTA.replace(b"6700", b"6800"))
    assert main(["issue", *given]) == 1
    assert "El intento 1 del set 414181 ya se hizo con otro texto" in capsys.readouterr().out
    assert list(contents(out)) == ["set-414180_intento-1_envio-dte.xml"]
    # A folder in the place of the file: nothing half written is left beside it.
    blocked = tmp_path / "blocked"
    (blocked / "set-414180_intento-1_envio-dte.xml").mkdir(parents=True)
    assert main(["issue", *given[:4], "--out", str(blocked)]) == 1
    assert [path.name for path in blocked.iterdir()] == ["set-414180_intento-1_envio-dte.xml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "falta orden"),
        (["emitir"], "'emitir' no es una orden: elige entre 'review', 'issue', 'books', 'simulation', 'samples'"),
        (["issue", "--attempt", "0"], "«0» no es un intento: se cuentan desde 1"),
        (["issue", "--rate", "EURO=mucho"], "«EURO=mucho» no es un tipo de cambio"),
        (["issue", "--rate", "TRUEQUE=3"], "«TRUEQUE=3» no es un tipo de cambio"),
        (["books", "--company"], "a --company le falta su valor"),
        (["review", "--company", "1-9"], "no se conoce --company 1-9"),
    ],
)
def test_an_order_that_is_not_understood(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("uso: python -m torn_app.certification")
    assert said in error


@pytest.mark.parametrize("order", [[], ["review"], ["issue"], ["books"], ["simulation"], ["samples"]])
def test_help_is_in_spanish_and_needs_no_database(order: list[str]) -> None:
    command = [sys.executable, "-m", "torn_app.certification", *order, "--help"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("uso: python -m torn_app.certification")
    for english in ("usage", "options", "positional", "show this", "default"):
        assert english not in found.stdout
