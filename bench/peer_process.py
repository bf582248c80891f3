"""Run by the Python of the peer's own environment, never by Torn's: emits one envelope with facturacion-electronica.

Takes the library's own arguments as JSON on standard input; answers processor seconds and the envelope on standard
output. Speaks to nobody else: the library's test mode sends nothing.
"""

import contextlib
import importlib
import json
import sys
import time


def main() -> None:
    """Emit once and answer."""
    given = json.load(sys.stdin)
    library = importlib.import_module("facturacion_electronica.facturacion_electronica")
    with contextlib.redirect_stdout(sys.stderr):
        started = time.process_time()
        answer = library.timbrar_y_enviar(given)
        seconds = time.process_time() - started
    json.dump(
        {"seconds": seconds, "xml": answer.get("sii_xml_request"), "errors": str(answer.get("errores"))}, sys.stdout
    )


main()
