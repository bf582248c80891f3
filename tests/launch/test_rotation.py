"""TORN_SECRET_KEY changed while the shop sells, killed in the middle, gone on with; the former one is then refused."""

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import MakeDatabase
from tests.crowd import at_once
from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, done, http_client
from torn_app.infra import schema as _schema  # noqa: F401  (all tables)
from torn_app.infra.crypto import key_name
from torn_app.infra.sealed import SEALED
from torn_app.launch.places import ROOT
from torn_app.launch.server import ServerError

KEYED = {"Idempotency-Key": "antes-del-cambio"}


@dataclass
class World:
    """A running Torn, a company in it, and a sale made with an idempotency key."""

    server: LiveServer
    shop: Shop
    till: Door
    order: dict[str, Any]
    sale: dict[str, Any]
    new: str
    """The key to come."""

    @property
    def old(self) -> str:
        """The key in use."""
        return self.server.environ()["TORN_SECRET_KEY"]

    def schema(self) -> str:
        with psycopg.connect(self.server.database_url) as connection:
            row = connection.execute("SELECT schema_name FROM public.tenant WHERE id = %s", (self.shop.tenant_id,))
            return str(row.fetchone()[0])  # type: ignore[index]

    def heads(self) -> dict[str, int]:
        """How many values there are under each key (by its name) in the company."""
        found: dict[str, int] = {}
        with psycopg.connect(self.server.database_url) as connection:
            for kind in SEALED:
                rows = connection.execute(f'SELECT {kind.column} FROM "{self.schema()}".{kind.table.name}')
                for (value,) in rows.fetchall():
                    name = bytes(value)[1:5].hex()
                    found[name] = found.get(name, 0) + 1
        return found


@pytest.fixture
def world(make_database: MakeDatabase, tmp_path: Path) -> Iterator[World]:
    server = LiveServer(make_database(), tmp_path / "log")
    with server, http_client(server) as http:
        platform = Platform.of(http, server)
        platform.company(name="Primera")
        shop = platform.company(name="Segunda")
        till = shop.till()
        order = shop.order((shop.product(), 1), pay=1190)
        sale = done(till.post("/sales/", order, headers=KEYED), 201)
        hook = {"url": "http://127.0.0.1:9/nadie", "events": ["cash.closed"]}
        done(shop.door.post("/webhooks/", hook, headers={"Idempotency-Key": "otro"}), 201)
        yield World(server, shop, till, order, sale, secrets.token_urlsafe(40))


def rotation(world: World, *options: str, **changes: str) -> "subprocess.Popen[str]":
    keys = {"TORN_SECRET_KEY": world.new, "TORN_SECRET_KEY_FORMER": world.old} | changes
    return subprocess.Popen(
        [sys.executable, "-m", "torn_app.launch", "rotate-key", *options],
        cwd=ROOT,
        env=world.server.environ(**keys),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    out, err = process.communicate()
    return process.returncode, out + err


def start(world: World, http: httpx.Client) -> Door:
    """Start with the settings of the moment; the seller logs in again."""
    world.server.start()
    return Platform.of(http, world.server).inside(world.shop.tenant_id)


def refused(world: World, words: str) -> None:
    before = world.server.log.read_text()
    with pytest.raises(ServerError, match="status 1"):
        world.server.start()
    world.server.kill()
    said = world.server.log.read_text().removeprefix(before)
    assert words in said
    assert "Traceback" not in said


@contextmanager
def holding_a_range(world: World) -> Iterator[None]:
    """Whoever wants the ranges of the company waits while the block lasts."""
    with psycopg.connect(world.server.database_url) as holder:
        holder.execute(f'SELECT 1 FROM "{world.schema()}".caf_range FOR UPDATE')
        yield
        holder.rollback()


def wait_until_it_waits(world: World) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = time.monotonic() + 60
    with psycopg.connect(world.server.database_url, autocommit=True) as connection:
        while connection.execute(query).fetchone() == (0,):
            assert time.monotonic() < deadline, "it never came to the range"
            time.sleep(0.05)


def test_everything_is_under_the_new_key_and_goes_on(world: World) -> None:
    old = world.old
    before = world.heads()
    assert set(before) == {key_name(old)}
    world.server.stop()
    status, said = ended(rotation(world))
    assert status == 0, said
    assert "Listo:" in said
    # The same values, and the key of the former fingerprints.
    assert world.heads() == {key_name(world.new): before[key_name(old)] + 1}

    refused(world, "TORN_SECRET_KEY no es la clave")
    world.server.use(TORN_SECRET_KEY=world.new)
    with http_client(world.server) as http:
        door = start(world, http)
        again = door.post("/sales/", world.order, headers=KEYED)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert done(again, 201) == world.sale
        other = door.post("/sales/", {**world.order, "rut_cliente": "1-9"}, headers=KEYED)
        assert other.status_code in (409, 422)
        fewer = {**world.order, "items": [{**world.order["items"][0], "cantidad": 2}]}
        assert door.post("/sales/", fewer, headers=KEYED).status_code == 409
        done(door.post("/cash/open", {"start_amount": 0}))
        assert done(door.post("/sales/", world.order), 201)["folio"] == world.sale["folio"] + 1
        uses = done(door.get("/folios/key-uses", params={"limit": 500}))
    rotated = [row for row in uses if row["proposito"] == "ROTACION"]
    assert len({row["caf_range_id"] for row in rotated if row["caf_range_id"]}) == 11
    assert len([row for row in rotated if row["certificate_id"]]) == 1
    assert {row["user"] for row in rotated} == {"Torn"}


def test_killed_in_the_middle_it_goes_on_while_the_shop_sells(world: World) -> None:
    old = world.old
    world.server.stop()
    with holding_a_range(world):
        process = rotation(world)
        wait_until_it_waits(world)
        process.kill()
        ended(process)
    assert world.heads()[key_name(old)] > 10, "the second company had its turn still to come"
    half_done = "El cambio de TORN_SECRET_KEY está a medias"
    refused(world, half_done)
    world.server.use(TORN_SECRET_KEY=world.new)
    refused(world, half_done)

    world.server.use(TORN_SECRET_KEY_FORMER=old)
    with http_client(world.server) as http:
        door = start(world, http)
        done(door.post("/cash/open", {"start_amount": 0}))

        def act(number: int) -> object:
            if number == 0:
                return ended(rotation(world, TORN_SECRET_KEY=world.new, TORN_SECRET_KEY_FORMER=old))
            order = {**world.order, "items": [{**world.order["items"][0], "cantidad": 1}]}
            return [
                done(door.post("/sales/", order, headers={"Idempotency-Key": f"{number}-{n}"}), 201)["folio"]
                for n in range(8)
            ]

        (status, said), *sold = at_once(act, range(5))  # type: ignore[misc]
        assert status == 0, said
        first = world.sale["folio"] + 1
        assert sorted(folio for folios in sold for folio in folios) == list(range(first, first + 32))  # type: ignore[attr-defined]
        assert done(door.post("/sales/", world.order, headers=KEYED), 201) == world.sale
    world.server.stop()
    assert set(world.heads()) == {key_name(world.new)}
    world.server.use(TORN_SECRET_KEY_FORMER=None)
    with http_client(world.server) as http:
        door = start(world, http)
        again = door.post("/sales/", world.order, headers=KEYED)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert done(again, 201) == world.sale
    world.server.stop()
    world.server.use(TORN_SECRET_KEY=old)
    refused(world, "TORN_SECRET_KEY no es la clave")


def test_not_behind_the_back_of_a_server_with_the_former_key(world: World) -> None:
    status, said = ended(rotation(world))
    assert status == 1
    assert "Hay un Torn en marcha con otra TORN_SECRET_KEY" in said
    assert set(world.heads()) == {key_name(world.old)}
    world.server.stop()
    world.server.start()  # nothing was begun: the former key alone still serves


def test_what_opens_with_neither_key_is_told_and_kept(world: World) -> None:
    world.server.stop()
    with psycopg.connect(world.server.database_url) as connection:
        table = f'"{world.schema()}".webhook'
        connection.execute(f"UPDATE {table} SET secret_encrypted = set_byte(secret_encrypted, 30, 0)")
        connection.execute(f"UPDATE {table} SET secret_encrypted = set_byte(secret_encrypted, 31, 0)")
        kept = connection.execute(f"SELECT secret_encrypted FROM {table}").fetchall()
    for _ in range(2):
        status, said = ended(rotation(world))
        assert status == 1
        assert "1 datos no se abren con ninguna de las dos claves" in said
    with psycopg.connect(world.server.database_url) as connection:
        assert connection.execute(f"SELECT secret_encrypted FROM {table}").fetchall() == kept
    refused(world, "está a medias")
    status, said = ended(rotation(world, "--lost", TORN_SECRET_KEY_FORMER=""))
    assert (status, f"{world.schema()}: 1" in said) == (0, True), said
    world.server.use(TORN_SECRET_KEY=world.new)
    world.server.start()


def test_a_lost_key_puts_aside_what_it_encrypted_and_finding_it_brings_all_back(world: World) -> None:
    old, values = world.old, sum(world.heads().values())
    status, said = ended(rotation(world, "--lost", TORN_SECRET_KEY_FORMER=""))
    assert status == 1
    assert "Hay un Torn en marcha con otra TORN_SECRET_KEY" in said
    world.server.stop()
    assert ended(rotation(world, "--lost"))[0] == 1, "nothing is lost while the former key is given"
    status, said = ended(rotation(world, "--lost", TORN_SECRET_KEY_FORMER=""))
    assert status == 0, said
    assert f"{world.schema()}: {values}" in said

    refused(world, "TORN_SECRET_KEY no es la clave")
    world.server.use(TORN_SECRET_KEY=world.new)
    with http_client(world.server) as http:
        door = start(world, http)
        # Test numbers and certificate are made again by themselves; a repeated request is not done twice.
        done(door.post("/cash/open", {"start_amount": 0}))
        assert door.post("/sales/", world.order, headers=KEYED).status_code == 409
        assert done(door.post("/sales/", world.order), 201)["folio"] == 100_001
        assert [row["is_active"] for row in done(door.get("/webhooks/"))] == [False]
        # What is put aside is not offered: only the range and the certificate made just now.
        (numbers,) = [row for row in done(door.get("/folios/status")) if row["dte_type"] == 39]
        assert (numbers["available"], numbers["latest_folio_desde"]) == (99_999, 100_001)
        assert len(done(door.get("/folios/caf"))) == 1
        (boletas,) = [row for row in done(door.get("/folios/forecast"))["tipos"] if row["tipo_dte"] == 39]
        assert (boletas["disponibles"], boletas["vencidos_sin_usar"]) == (99_999, 99_999)
    world.server.stop()

    status, said = ended(rotation(world, TORN_SECRET_KEY=world.new, TORN_SECRET_KEY_FORMER=old))
    assert status == 0, said
    assert set(world.heads()) == {key_name(world.new)}
    with http_client(world.server) as http:
        door = start(world, http)
        again = door.post("/sales/", world.order, headers=KEYED)
        assert done(again, 201) == world.sale
        assert done(door.post("/sales/", world.order), 201)["folio"] == world.sale["folio"] + 1


def test_help_says_what_to_do() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "torn_app.launch", "rotate-key", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert shown.returncode == 0
    assert "TORN_SECRET_KEY_FORMER" in shown.stdout
    assert "respaldo" in shown.stdout
