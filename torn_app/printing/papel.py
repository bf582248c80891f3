"""The papers a copy is drawn on, and how large the stamp is on each.

A module (the narrowest bar) is a whole number of printer dots, because a dot cannot be cut: 3 dots at the 300 dpi of an
office printer (10 mil), 2 at the 8 dots per millimetre of a thermal one (9.8 mil). The tax service asks for 6.7 mil at
least, stamps of 2 x 5 cm to 4 x 9 cm (2 x 4.5 cm on a boleta) and rows three modules high (Instructivo Técnico DTE,
stamp; Manual de Muestras Impresas v4.0).
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Formato = Literal["carta", "80mm", "58mm"]
FORMATOS: Final = get_args(Formato)

_INCH: Final = 25.4


@dataclass(frozen=True, slots=True)
class Papel:
    """A paper: sizes in millimetres, `alto` None when the roll is cut where the copy ends.

    `columnas` are the data columns of the stamp. On the 58 mm roll a stamp with whole dots does not fit across (48 mm
    are 192 modules of 2 dots, 7 columns, and a real stamp then needs more than the 90 rows a PDF417 may have): it is
    turned a quarter, so that its length runs along the paper and `filas`, its most rows, across it.
    """

    ancho: float
    alto: float | None
    margen: float
    dpi: float
    puntos_modulo: int
    columnas: int
    filas: int = 90
    timbre_girado: bool = False

    @property
    def modulo(self) -> float:
        """Width of a module in millimetres."""
        return self.puntos_modulo * _INCH / self.dpi

    @property
    def punto(self) -> float:
        """A printer dot in millimetres: positions of the stamp are multiples of it."""
        return _INCH / self.dpi


PAPELES: Final[dict[Formato, Papel]] = {
    "carta": Papel(ancho=215.9, alto=279.4, margen=13, dpi=300, puntos_modulo=3, columnas=16),
    "80mm": Papel(ancho=80, alto=None, margen=4, dpi=203.2, puntos_modulo=2, columnas=12),
    "58mm": Papel(ancho=58, alto=None, margen=5, dpi=203.2, puntos_modulo=2, columnas=13, filas=60, timbre_girado=True),
}
