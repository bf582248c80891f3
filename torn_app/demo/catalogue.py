"""What the demo company sells: sixty things of a neighbourhood hardware shop. Brands and bar codes are invented."""

from dataclasses import dataclass
from decimal import Decimal

WHOLE = (Decimal(1),)
FEW = (Decimal(1), Decimal(1), Decimal(2), Decimal(3))
MANY = (Decimal(2), Decimal(4), Decimal(6), Decimal(10), Decimal(12))
BY_WEIGHT = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1), Decimal("1.5"))
BY_LENGTH = (Decimal("1.5"), Decimal(2), Decimal("3.5"), Decimal(5), Decimal("7.25"))


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A product as the shopkeeper knows it. `price` has VAT in it and `cost` has not; whole pesos per unit."""

    code: str
    name: str
    category: str
    brand: str | None
    price: int
    cost: int
    stock: int
    minimum: int
    unit: str = "unidad"
    sold: tuple[Decimal, ...] = FEW
    """How much people take of it at a time. Empty: nobody has bought it these days."""


_OBRA, _GASFITERIA, _ELECTRICIDAD, _PINTURAS = "Construcción", "Gasfitería", "Electricidad", "Pinturas"
_MANO, _JARDIN, _FIJACIONES, _HOGAR = "Herramientas", "Jardín", "Fijaciones", "Hogar"

PRODUCTS = (
    DemoProduct("CON-001", "Cemento 25 kg", _OBRA, "Cordillera", 5_290, 3_350, 180, 40, "saco"),
    DemoProduct("CON-002", "Yeso 25 kg", _OBRA, "Cordillera", 7_990, 5_000, 40, 10, "saco", WHOLE),
    DemoProduct("CON-003", "Mortero de pega 25 kg", _OBRA, "Cordillera", 4_490, 2_800, 60, 15, "saco"),
    DemoProduct("CON-004", "Adhesivo cerámico en polvo 25 kg", _OBRA, "Rauco", 6_490, 4_100, 35, 10, "saco"),
    DemoProduct("CON-005", "Fragüe gris 1 kg", _OBRA, "Rauco", 2_190, 1_250, 48, 12),
    DemoProduct("CON-006", "Arena gruesa", _OBRA, None, 1_190, 620, 90, 20, "saco", MANY),
    DemoProduct("CON-007", "Pino dimensionado 2x3 3,2 m", _OBRA, None, 3_190, 1_990, 75, 20),
    DemoProduct("CON-008", "Plancha yeso cartón 10 mm", _OBRA, "Cordillera", 9_490, 6_300, 0, 8, sold=()),
    DemoProduct("GAS-001", "Tubo PVC sanitario 110 mm", _GASFITERIA, "Maipo", 4_990, 3_000, 120, 20, "m", BY_LENGTH),
    DemoProduct("GAS-002", "Cañería de cobre 1/2\"", _GASFITERIA, "Maipo", 6_790, 4_450, 90, 15, "m", BY_LENGTH),
    DemoProduct("GAS-003", "Codo cobre 1/2\"", _GASFITERIA, "Maipo", 590, 270, 260, 50, sold=MANY),
    DemoProduct("GAS-004", "Llave de paso 1/2\"", _GASFITERIA, "Toqui", 5_990, 3_500, 32, 8),
    DemoProduct("GAS-005", "Flexible trenzado 40 cm", _GASFITERIA, "Toqui", 2_990, 1_600, 55, 12),
    DemoProduct("GAS-006", "Teflón 3/4\" x 10 m", _GASFITERIA, "Toqui", 690, 290, 140, 30),
    DemoProduct("GAS-007", "Monomando lavaplatos", _GASFITERIA, "Toqui", 34_990, 22_000, 6, 2, sold=WHOLE),
    DemoProduct("GAS-008", "Sifón lavamanos", _GASFITERIA, "Maipo", 3_490, 1_850, 26, 6, sold=WHOLE),
    DemoProduct("ELE-001", "Cable eléctrico 2,5 mm²", _ELECTRICIDAD, "Lumen", 790, 430, 400, 100, "m", BY_LENGTH),
    DemoProduct("ELE-002", "Cable eléctrico 1,5 mm²", _ELECTRICIDAD, "Lumen", 490, 260, 500, 100, "m", BY_LENGTH),
    DemoProduct("ELE-003", "Ampolleta LED 9 W luz cálida", _ELECTRICIDAD, "Lumen", 1_490, 760, 150, 40),
    DemoProduct("ELE-004", "Ampolleta LED 12 W luz fría", _ELECTRICIDAD, "Lumen", 1_990, 1_050, 110, 30),
    DemoProduct("ELE-005", "Enchufe doble embutido", _ELECTRICIDAD, "Lumen", 3_290, 1_800, 60, 15),
    DemoProduct("ELE-006", "Interruptor simple", _ELECTRICIDAD, "Lumen", 2_290, 1_200, 70, 15),
    DemoProduct("ELE-007", "Alargador 5 m 3 tomas", _ELECTRICIDAD, "Lumen", 7_990, 4_700, 24, 6, sold=WHOLE),
    DemoProduct("ELE-008", "Cinta aislante negra 20 m", _ELECTRICIDAD, "Toqui", 990, 420, 130, 30),
    DemoProduct("ELE-009", "Automático 16 A", _ELECTRICIDAD, "Lumen", 4_590, 2_700, 3, 8, sold=()),
    DemoProduct("PIN-001", "Látex blanco 1 galón", _PINTURAS, "Quillay", 15_990, 10_200, 44, 10, sold=WHOLE),
    DemoProduct("PIN-002", "Esmalte al agua 1/4 galón", _PINTURAS, "Quillay", 8_490, 5_300, 36, 8, sold=WHOLE),
    DemoProduct("PIN-003", "Barniz marino 1/4 galón", _PINTURAS, "Quillay", 9_990, 6_400, 18, 5, sold=WHOLE),
    DemoProduct("PIN-004", "Diluyente 1 litro", _PINTURAS, "Quillay", 2_790, 1_450, 65, 15),
    DemoProduct("PIN-005", "Brocha 2\"", _PINTURAS, "Pehuén", 2_190, 1_050, 58, 12),
    DemoProduct("PIN-006", "Rodillo chiporro 18 cm", _PINTURAS, "Pehuén", 3_990, 2_150, 40, 10, sold=WHOLE),
    DemoProduct("PIN-007", "Lija al agua grano 120", _PINTURAS, "Pehuén", 390, 150, 240, 50, sold=MANY),
    DemoProduct("PIN-008", "Masilla multiuso 1 kg", _PINTURAS, "Quillay", 3_290, 1_800, 28, 6, sold=WHOLE),
    DemoProduct("HER-001", "Martillo carpintero 16 oz", _MANO, "Austral", 8_990, 5_200, 18, 4, sold=WHOLE),
    DemoProduct("HER-002", "Destornillador cruz 6\"", _MANO, "Austral", 3_490, 1_750, 34, 8, sold=WHOLE),
    DemoProduct("HER-003", "Alicate universal 8\"", _MANO, "Austral", 7_490, 4_200, 16, 4, sold=WHOLE),
    DemoProduct("HER-004", "Huincha de medir 5 m", _MANO, "Austral", 4_990, 2_600, 30, 6, sold=WHOLE),
    DemoProduct("HER-005", "Serrucho 20\"", _MANO, "Austral", 9_990, 5_900, 2, 4, sold=()),
    DemoProduct("HER-006", "Taladro percutor 650 W", _MANO, "Austral", 49_990, 33_500, 7, 2, sold=WHOLE),
    DemoProduct("HER-007", "Set de brocas concreto 5 un.", _MANO, "Austral", 6_990, 3_700, 22, 5, sold=WHOLE),
    DemoProduct("HER-008", "Guantes de trabajo", _MANO, "Pehuén", 2_490, 1_150, 64, 15, "par"),
    DemoProduct("JAR-001", "Manguera jardín 1/2\"", _JARDIN, "Maipo", 990, 480, 200, 40, "m", BY_LENGTH),
    DemoProduct("JAR-002", "Tierra de hoja 25 litros", _JARDIN, "Quillay", 3_490, 1_900, 45, 10, "saco"),
    DemoProduct("JAR-003", "Pala punta huevo", _JARDIN, "Austral", 11_990, 7_300, 10, 3, sold=WHOLE),
    DemoProduct("JAR-004", "Tijera de podar", _JARDIN, "Austral", 7_990, 4_500, 12, 3, sold=WHOLE),
    DemoProduct("JAR-005", "Semilla de pasto", _JARDIN, "Quillay", 6_490, 3_900, 18, 4, "kg", BY_WEIGHT),
    DemoProduct("JAR-006", "Pistola de riego 7 chorros", _JARDIN, "Maipo", 4_490, 2_300, 0, 5, sold=()),
    DemoProduct("FIJ-001", "Clavo corriente 2 1/2\"", _FIJACIONES, None, 2_190, 1_180, 70, 15, "kg", BY_WEIGHT),
    DemoProduct("FIJ-002", "Clavo corriente 4\"", _FIJACIONES, None, 2_090, 1_120, 60, 15, "kg", BY_WEIGHT),
    DemoProduct("FIJ-003", "Tornillo volcanita 1 1/4\" 100 un.", _FIJACIONES, "Toqui", 1_990, 980, 80, 20, "caja"),
    DemoProduct("FIJ-004", "Tornillo madera 2\" 100 un.", _FIJACIONES, "Toqui", 3_290, 1_700, 52, 12, "caja"),
    DemoProduct("FIJ-005", "Tarugo 8 mm 50 un.", _FIJACIONES, "Toqui", 1_490, 680, 66, 15, "bolsa"),
    DemoProduct("FIJ-006", "Alambre galvanizado N°14", _FIJACIONES, None, 2_890, 1_600, 40, 10, "kg", BY_WEIGHT),
    DemoProduct("FIJ-007", "Cadena galvanizada 5 mm", _FIJACIONES, "Toqui", 3_490, 1_950, 45, 10, "m", BY_LENGTH),
    DemoProduct("HOG-001", "Candado 40 mm", _HOGAR, "Toqui", 6_990, 3_900, 25, 6, sold=WHOLE),
    DemoProduct("HOG-002", "Cerradura embutir", _HOGAR, "Toqui", 24_990, 16_000, 8, 2, sold=WHOLE),
    DemoProduct("HOG-003", "Pilas AA 4 un.", _HOGAR, "Lumen", 2_990, 1_600, 72, 20, "pack"),
    DemoProduct("HOG-004", "Silicona transparente 280 ml", _HOGAR, "Rauco", 3_990, 2_200, 46, 10),
    DemoProduct("HOG-005", "Escoba municipal", _HOGAR, "Pehuén", 4_290, 2_350, 20, 5, sold=WHOLE),
    DemoProduct("HOG-006", "Bolsa de basura 80x110 10 un.", _HOGAR, "Pehuén", 1_790, 860, 90, 20, "rollo"),
)  # fmt: skip


def bar_code(position: int) -> str:
    """Return the EAN-13 of the product at `position`: Chile's prefix 780, an invented maker, and the check digit."""
    body = f"7809999{position:05d}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return f"{body}{-total % 10}"
