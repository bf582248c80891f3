"""Who works at the demo company and who buys there. Everybody is invented."""

from dataclasses import dataclass

from torn_app.customers.schemas import CustomerIn
from torn_app.kernel.permissions import ADMINISTRADOR, BODEGUERO, VENDEDOR
from torn_app.kernel.rut import check_digit
from torn_app.saas.schemas import TenantIn

PASSWORD = "dontito-demo"  # noqa: S105 - documented in README.md; the demo company exists in development only


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can log in to the demo company."""

    email: str
    name: str
    role_name: str
    password: str = PASSWORD


OWNER = DemoPerson("tito@dontito.example", "Tito Sepúlveda", ADMINISTRADOR)
CASHIER = DemoPerson("camila@dontito.example", "Camila Rojas", VENDEDOR)
STOREKEEPER = DemoPerson("ramon@dontito.example", "Ramón Ávila", BODEGUERO)
PEOPLE = (OWNER, CASHIER, STOREKEEPER)
"""Three, which is what a company without a plan may have."""


def _rut(body: int) -> str:
    return f"{body}-{check_digit(body)}"


COMPANY = TenantIn(
    name="Ferretería Don Tito SpA",
    rut=_rut(77_418_350),
    address="Av. Irarrázaval 2845",
    commune="Ñuñoa",
    city="Santiago",
    giro="Venta al por menor de artículos de ferretería y materiales de construcción",
    economic_activities=[
        {
            "code": "475201",
            "name": "Venta al por menor de artículos de ferretería y materiales de construcción",
            "category": "1",
            "taxable": True,
        }
    ],
)


def _business(
    body: int, razon_social: str, giro: str, direccion: str, comuna: str, *, limite: int | None = None
) -> CustomerIn:
    return CustomerIn(
        rut=_rut(body),
        razon_social=razon_social,
        giro=giro,
        direccion=direccion,
        comuna=comuna,
        ciudad="Santiago",
        limite_credito=limite,
        dias_credito=30 if limite else None,
    )


ON_CREDIT = (
    _business(
        76_902_114,
        "Constructora Los Maitenes SpA",
        "Construcción de edificios para uso residencial",
        "Los Leones 1240, of. 502",
        "Providencia",
        limite=1_500_000,
    ),
    _business(
        77_035_821,
        "Condominio Parque Ñuñoa",
        "Administración de edificios y condominios",
        "Av. Grecia 3310",
        "Ñuñoa",
        limite=600_000,
    ),
)
"""Those who may pay in 30 days."""

ON_INVOICE = (
    _business(76_331_470, "Gasfitería Hermanos Pino Ltda.", "Instalaciones de gasfitería", "Pedro Torres 622", "Ñuñoa"),
    _business(76_558_906, "Eléctrica Bustamante EIRL", "Instalaciones eléctricas", "Carmen 1877", "Santiago"),
    _business(77_210_643, "Panadería La Espiga Dorada SpA", "Elaboración de pan", "Av. Macul 2911", "Macul"),
    _business(76_774_029, "Mueblería El Alerce Ltda.", "Fabricación de muebles", "Franklin 945", "Santiago"),
    _business(77_562_318, "Jardines del Oriente SpA", "Servicios de jardinería", "Simón Bolívar 4120", "La Reina"),
    _business(76_119_257, "Pinturas y Terminaciones Soto EIRL", "Terminación de edificios", "Lo Encalada 301", "Ñuñoa"),
    _business(65_088_412, "Colegio San Andrés de Macul", "Enseñanza básica y media", "Quilín 1540", "Macul"),
    _business(
        76_480_995, "Taller Mecánico Vergara Ltda.", "Reparación de vehículos", "Vicuña Mackenna 2203", "San Joaquín"
    ),
)

NEIGHBOURS = tuple(
    CustomerIn(rut=_rut(body), razon_social=name, direccion=direccion, comuna=comuna, ciudad="Santiago")
    for body, name, direccion, comuna in (
        (9_412_376, "Rosa Elena Contreras Muñoz", "Dublé Almeyda 2410, depto. 31", "Ñuñoa"),
        (12_870_553, "Patricio Jaramillo Vidal", "Suárez Mujica 1022", "Ñuñoa"),
        (15_336_908, "Daniela Fuentes Araya", "Los Plátanos 2788", "Macul"),
        (17_645_190, "Sebastián Oyarzún Leiva", "José Pedro Alessandri 1190", "Ñuñoa"),
        (8_204_761, "Hernán Carrasco Bravo", "Exequiel Fernández 845", "Ñuñoa"),
    )
)

CUSTOMERS = ON_CREDIT + ON_INVOICE + NEIGHBOURS
