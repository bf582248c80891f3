"""Nothing encrypted is forgotten when the key changes, and nothing secret is stored in the clear by oversight."""

from sqlalchemy import LargeBinary

from torn_app.infra.schema import GLOBAL_METADATA, TENANT_METADATA
from torn_app.infra.sealed import SEALED

IN_THE_CLEAR = {
    "document.xml": "what was signed: the buyer and the tax service have it too",
    "certification_set.envio_dte": "documents in their envelope",
    "certification_set.envio_boleta": "documents in their envelope",
    "certification_set.libro": "what the tax service is sent",
    "certification_set.consumo_folios": "what the tax service is sent",
    "secret_canary.sealed": "changed by the rotation itself",
}
"""Binary columns that hold nothing secret, and why."""


def test_every_binary_column_is_registered_or_known_to_be_public() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for metadata in (GLOBAL_METADATA, TENANT_METADATA)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    registered = {f"{kind.table.name}.{kind.column}" for kind in SEALED}
    assert len(registered) == len(SEALED)
    assert binary == registered | set(IN_THE_CLEAR), "register it beside its table (infra/sealed.py), or say why not"
    assert not registered & set(IN_THE_CLEAR)
