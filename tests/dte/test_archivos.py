"""Files of others, damaged in any way: read, or refused by name. No other exception leaves the readers."""

import contextlib
import functools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dte.test_cesion import second
from tests.dte.test_recibidos import envelope, own
from tests.dte.test_respuestas_recibidas import receipts, reply
from torn_app.dte.cesion_recibida import read_aec
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.lectura import read_dte
from torn_app.dte.recibidos import read_received
from torn_app.dte.respuestas_recibidas import read_receipts, read_reply

Reader = Callable[[bytes], object]
NASTY = (
    *(
        b"",
        b"<",
        b">",
        b'"',
        b"&",
        b"&#0;",
        b"&lt;",
        b"]]>",
        b"<!-- x -->",
        b"<![CDATA[<DTE>]]>",
        b"<?x y?>",
        b"\xff\x00",
    ),
    *(b"<DTE/>", b"</DTE>", b"<DTE>", b"<Signature/>", b"<TED>", b' ID="x"', b" xmlns=''", b' xmlns:a="relative"'),
    *(b"1E+999999999", b"-1", b"9" * 30, b"9" * 5000, "١".encode(), b"0001-01-01", b"9999-12-31T23:59:59", b"AAAA"),
)


@functools.cache
def files() -> list[tuple[bytes, Reader]]:
    return [
        (own(), read_received),
        (own(), read_dte),
        (envelope(), read_received),
        (reply(), read_reply),
        (receipts(), read_receipts),
        (second(), read_aec),
    ]


@settings(max_examples=200, database=None)
@given(st.integers(0, 5), st.floats(0, 1), st.integers(0, 60), st.sampled_from(NASTY), st.booleans())
def test_damage_is_told_by_name(which: int, where: float, length: int, put: bytes, at_text: bool) -> None:
    file, read = files()[which]
    start = int(where * len(file))
    if at_text:
        # Into the content of an element, where a value is expected.
        start = file.find(b">", start) + 1
        length = max(file.find(b"<", start) - start, 0)
    damaged = file[:start] + put + file[start + length :]
    with contextlib.suppress(EsquemaInvalido):
        read(damaged)


@pytest.mark.parametrize("field", [b"MntTotal", b"Folio", b"QtyItem", b"PrcItem", b"TipoDTE", b"FchEmis", b"TmstFirma"])
@pytest.mark.parametrize("value", [b"1E+999999999", b"NaN", b"1_0", "١".encode(), b"9" * 5000, b"0x10", b"-"])
def test_what_is_not_a_value_is_not_read(field: bytes, value: bytes) -> None:
    before, rest = own().replace(b'encoding="ISO-8859-1"', b'encoding="UTF-8"').split(b"<" + field + b">", 1)
    changed = before + b"<" + field + b">" + value + rest[rest.index(b"<") :]
    (dte,) = read_received(changed.decode("latin-1").encode()).dtes
    assert (dte.documento, dte.error) == (None, "El documento trae un dato que no se puede leer")


@pytest.mark.parametrize("read", [read_received, read_reply, read_receipts, read_aec])
def test_another_kind_of_file_is_refused(read: Reader) -> None:
    for file, other in files():
        if other not in (read, read_dte):
            with pytest.raises(EsquemaInvalido):
                read(file)
    with pytest.raises(EsquemaInvalido, match="demasiado grande"):
        read(b" " * 10_000_001)
