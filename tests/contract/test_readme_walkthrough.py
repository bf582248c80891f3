"""The walk-through of README.md, run as a reader would paste it."""

import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

from tests import judges
from tests.live import LiveServer, plain_environ
from torn_app.dte.lectura import read_dte
from torn_app.launch.places import ROOT

BLOCKS = re.findall(r"^```bash\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_blocks_work_in_order(live_server: LiveServer, tmp_path: Path) -> None:
    for program in ("bash", "curl", "python3"):
        assert shutil.which(program), f"the walk-through is for people who have {program}; install it"
    assert len(BLOCKS) > 5
    environ = plain_environ() | {
        "TORN_PORT": str(live_server.port),
        "TORN_ADMIN_EMAIL": live_server.admin_email,
        "TORN_ADMIN_PASSWORD": live_server.admin_password,
    }
    script = "set -euo pipefail\n" + "\n".join(BLOCKS)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    assert "Boleta 1: total 1980, change 20" in told
    assert "Factura 1: 8319 + 1581" in told
    assert told[-1] == "0", "the drawer agrees"

    factura = (tmp_path / "factura.xml").read_bytes()
    judges.xsd_validate(factura, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(factura)
    judges.verify_ted(factura)
    assert read_dte(factura).totales.monto_total == Decimal(9_900)
    assert json.loads((tmp_path / "boleta.json").read_text())["estado_dte"] == "FIRMADO"
    for name in ("factura.pdf", "boleta.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF-")
