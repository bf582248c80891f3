"""Folio files and certificates of a company of a test, and the doors they are handed in through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests import loop
from tests.factories import Member, headers
from tests.fiscal_material import documento
from torn_app.api.app import create_api
from torn_app.auth.tokens import make_token
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.documents import service as documents
from torn_app.documents.service import Issued
from torn_app.dte.caf import build_caf
from torn_app.dte.llaves_sii import IDK_CERTIFICACION, LLAVES_SII
from torn_app.dte.tipos import TipoDte
from torn_app.folios.test_authority import make_stamp_key, make_test_certificate
from torn_app.infra.work import Work, use_case
from torn_app.kernel import clock
from torn_app.kernel.permissions import Permission


@contextmanager
def standing_for_the_tax_service(*idks: int) -> Iterator[RSAPrivateKey]:
    """A key whose signature counts as the tax service's under these key numbers while the block lasts."""
    key = make_stamp_key()
    with pytest.MonkeyPatch.context() as patch:
        for idk in idks:
            patch.setitem(LLAVES_SII, idk, key.public_key())
        yield key


@use_case(Permission.ADMIN)
def set_ambiente(work: Work, ambiente: str) -> None:
    """Change a company's mode without what changing it does to its sales."""
    issuer = work.session.get(Issuer, 1)
    assert issuer is not None
    issuer.ambiente = ambiente
    work.session.add(issuer)


@use_case(Permission.MEMBER)
def issue_boleta(work: Work, tipo: TipoDte = TipoDte.BOLETA) -> Issued:
    """Issue a boleta of one line, as a sale would, in the company's mode."""
    issuer = company.get_issuer_row(work)
    draft = replace(documento(tipo, folio=None), emisor=documents.emisor(issuer), fecha_emision=work.today)
    return documents.issue(work, draft, sale_id=None, ambiente=issuer.ambiente, send=False)


def caf_of(
    person: Member,
    authority: RSAPrivateKey,
    desde: int = 1,
    hasta: int = 9,
    *,
    idk: int = IDK_CERTIFICACION,
    **changes: Any,
) -> bytes:
    """Return a range authorised today for the company of a person, as the tax service would make it."""
    values = {
        "rut_emisor": person.company.rut,
        "razon_social": "Ñandú & Cía",
        "tipo": TipoDte.BOLETA,
        "fecha_autorizacion": clock.santiago_date(clock.now()),
        "llave": make_stamp_key(),
    } | changes
    return build_caf(**values, desde=desde, hasta=hasta, idk=idk, llave_autoridad=authority)


def certificate_of(
    person: Member, password: str | None = "clave", *, start: datetime | None = None, days: int = 100
) -> bytes:
    """Return a certificate that began two days ago, or at `start`."""
    return make_test_certificate(
        rut=person.company.rut,
        nombre="Ana Firma",
        valid_from=start or clock.now() - timedelta(days=2),
        password=password,
        days=days,
    )


class Uploads:
    """A person's requests over HTTP, in this process, so that a test may say whose signature counts."""

    def __init__(self, person: Member) -> None:
        self._api = create_api()
        self._headers = dict(headers(make_token(person.email, clock.now()), person.company))

    def request(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """Send one request."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._api, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://torn") as http:
                return await http.request(method, path, headers=self._headers, **parts)

        return loop.run(send())

    def get(self, path: str, **parts: Any) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, **parts)

    def caf(self, content: bytes) -> httpx.Response:
        """Hand a folio file in."""
        return self.request("POST", "/folios/caf", files={"file": ("caf.xml", content)})

    def certificate(self, content: bytes, password: str = "clave") -> httpx.Response:
        """Hand a certificate in."""
        files, data = {"file": ("firma.p12", content)}, {"password": password}
        return self.request("POST", "/issuer/certificate", files=files, data=data)


def refusal(answer: httpx.Response, status: int = 400) -> str:
    """Return the text of a refusal."""
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])
