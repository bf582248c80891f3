"""P2: an envelope of 50 invoices, against the library facturacion-electronica as it comes.

The library is GPL and pins old packages, so that it lives in an environment of its own under `.torn/`, made here once
by pip with the library's own pins, and is spoken to only through a process (`peer_process.py`). Both sides start from
the same plain values, sign with the same keys and check their envelope with a schema.
"""

import base64
import json
import subprocess
import venv
from pathlib import Path
from typing import Any

from lxml import etree

from bench.emission import DOCUMENTS, envelope_of
from bench.material import LINES, RUT, SIGNER, Material, document, issuer, material
from bench.report import side_by_side, tell
from tests.judges import cut_out_dtes, schema_folder
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.kernel import clock
from torn_app.launch.places import STATE

PEER = "facturacion-electronica==0.24.1"
TARGET = 150


def run() -> None:
    """Measure P2, or tell why not."""
    python = _environment()
    if python is None:
        return
    keys = material(TipoDte.FACTURA)
    theirs = _emit(python, keys)
    if theirs is None:
        return
    schema = etree.XMLSchema(etree.parse(schema_folder() / "EnvioDTE_v10.xsd"))
    emit = envelope_of(TipoDte.FACTURA, keys, clock.now(), DOCUMENTS, schema)
    ours, _ = side_by_side(emit, lambda: keys.floor(DOCUMENTS), rounds=5)
    tell("P2", f"an envelope of {DOCUMENTS} against {PEER}", ours * DOCUMENTS, theirs, TARGET, other="theirs")


def _environment() -> Path | None:
    """Return the Python of the library's environment, made on the first run."""
    folder = STATE / "bench-peer"
    python = folder / "bin" / "python"
    marker = folder / "installed"
    if marker.is_file() and marker.read_text() == PEER:
        return python
    print(f"P2   making an environment for {PEER} (once) ...")
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", PEER],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"P2   not measured: pip could not install {PEER}: {_last_line(done.stderr)}")
        return None
    marker.write_text(PEER)
    return python


def _emit(python: Path, keys: Material) -> float | None:
    """Return the documents a processor second that the library emits."""
    script = Path(__file__).parent / "peer_process.py"
    done = subprocess.run(
        [python, "-W", "ignore", script], input=json.dumps(_given(keys)), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        print(f"P2   not measured: the library failed: {_last_line(done.stderr)}")
        return None
    answer = json.loads(done.stdout)
    made = cut_out_dtes((answer["xml"] or "").encode("latin-1", "replace"))
    total = compute_totals(document(TipoDte.FACTURA, 1, keys.today, issuer())).monto_total
    if len(made) != DOCUMENTS or any(f"<MntTotal>{total}</MntTotal>".encode() not in one for one in made):
        print(f"P2   not measured: the library did not make {DOCUMENTS} times ${total}: {answer['errors'][:300]}")
        return None
    return DOCUMENTS / float(answer["seconds"])


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1]


def _given(keys: Material) -> dict[str, Any]:
    """Return the arguments of the library for the documents that `bench.material.document` builds."""
    model = document(TipoDte.FACTURA, 1, keys.today, issuer())
    emisor, receptor = model.emisor, model.receptor
    documents = [
        {
            "NroDTE": folio,
            "Encabezado": {
                "IdDoc": {"TipoDTE": 33, "Folio": folio, "FchEmis": keys.today.isoformat()},
                "Receptor": {
                    "RUTRecep": receptor.rut,
                    "RznSocRecep": receptor.razon_social,
                    "GiroRecep": receptor.giro,
                    "DirRecep": receptor.direccion,
                    "CmnaRecep": receptor.comuna,
                },
            },
            "Detalle": [
                {
                    "NroLinDet": number,
                    "NmbItem": name,
                    "QtyItem": float(quantity),
                    "PrcItem": float(price),
                    "Impuesto": [{"CodImp": 14, "price_include": False, "TasaImp": 19}],
                }
                for number, (name, quantity, price) in enumerate(LINES, 1)
            ],
        }
        for folio in range(1, DOCUMENTS + 1)
    ]
    return {
        "test": True,
        "ID": "SetDoc",
        "Emisor": {
            "RUTEmisor": RUT,
            "RznSoc": emisor.razon_social,
            "GiroEmis": emisor.giro,
            "Actecos": list(emisor.actecos),
            "DirOrigen": emisor.direccion,
            "CmnaOrigen": emisor.comuna,
            "Modo": "certificacion",
            "FchResol": keys.caratula.fecha_resolucion.isoformat(),
            "NroResol": keys.caratula.numero_resolucion,
            "ValorIva": 19,
        },
        "firma_electronica": {
            "rut_firmante": SIGNER,
            "string_firma": base64.b64encode(keys.pfx).decode("ascii"),
            "string_password": "clave",
            "init_signature": True,
        },
        "Documento": [
            {
                "TipoDTE": 33,
                "caf_file": [base64.b64encode(keys.caf_file).decode("ascii")],
                "documentos": documents,
            }
        ],
    }
