"""What an export sale says beside any other: the buyer abroad, currency, customs.

Codes are those of the customs service (`dte.aduanas` names the usual ones). Amounts of the customs block are in the
document's currency.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from torn_app.dte.aduanas import MONEDAS
from torn_app.dte.exportacion import PESO_CHILENO, RECEPTOR_EXTRANJERO, Aduana, Bulto, Exportacion
from torn_app.dte.partes import Receptor
from torn_app.kernel.fields import In, Number, OptionalEmail, OptionalText, Out
from torn_app.kernel.money import Pesos

DOLAR = "DOLAR USA"
Code = Annotated[int, Field(ge=1, le=99)]
Country = Annotated[int, Field(ge=1, le=999)]
Port = Annotated[int, Field(ge=1, le=9999)]
Weight = Annotated[Decimal, Field(gt=0, lt=10**8, decimal_places=2, max_digits=12)]
Cost = Annotated[Decimal, Field(gt=0, lt=10**8, decimal_places=4, max_digits=14)]
ExchangeRate = Annotated[Decimal, Field(gt=0, lt=10**6, decimal_places=4, max_digits=10)]

FORMA_PAGO = "Código de forma de pago de exportación (1 cobranza hasta un año, 32 anticipado)"
FIRME, FOB = 1, 5
"""A firm sale, free on board: what the customs block says where nobody says otherwise."""


class BultoIn(In):
    """A kind of package and how many."""

    codigo: int = Field(ge=1, le=999)
    cantidad: int = Field(ge=1, lt=10**10)
    marcas: OptionalText = Field(default=None, max_length=255)


class AduanaIn(In):
    """The customs block of goods that leave the country. What is missing and follows from the sale is filled in."""

    modalidad_venta: Code = FIRME
    clausula_venta: Code = FOB
    total_clausula: Weight | None = None
    via_transporte: Code | None = None
    puerto_embarque: Port | None = None
    puerto_desembarque: Port | None = None
    tara: int | None = Field(default=None, ge=1, le=9_999_999)
    unidad_tara: Code | None = None
    peso_bruto: Weight | None = None
    unidad_peso_bruto: Code | None = None
    peso_neto: Weight | None = None
    unidad_peso_neto: Code | None = None
    total_bultos: int | None = Field(default=None, ge=1, lt=10**15)
    bultos: list[BultoIn] = Field(default=[], max_length=10)
    flete: Cost | None = None
    seguro: Cost | None = None
    pais_receptor: Country | None = None
    pais_destino: Country | None = None

    def of_document(self, *, total: Decimal, items: int, pais: int | None) -> Aduana:
        """Return it as a document carries it, the rest filled in from the sale."""
        values = self.model_dump(exclude={"bultos"})
        packages = tuple(Bulto(**bulto.model_dump()) for bulto in self.bultos)
        values["total_clausula"] = self.total_clausula or total or None
        values["pais_receptor"] = self.pais_receptor or pais
        values["pais_destino"] = self.pais_destino or pais
        values["total_bultos"] = self.total_bultos or sum(bulto.cantidad for bulto in packages) or None
        return Aduana(**values, bultos=packages, total_items=items)


class ExportacionIn(In):
    """What an export document carries. Everything may be missing: the sale is then in pesos, of goods, to a buyer whose
    name and address are those of the customer 55555555-5.

    `tipo_cambio` is pesos for one unit of the currency; with it and no `moneda` the document is in dollars.
    """

    moneda: OptionalText = Field(default=None, max_length=15)
    tipo_cambio: ExchangeRate | None = None
    indicador_servicio: int | None = Field(default=None, ge=3, le=6)
    nombre: OptionalText = Field(default=None, max_length=100)
    numero_id: OptionalText = Field(default=None, max_length=20)
    pais: Country | None = None
    direccion: OptionalText = Field(default=None, max_length=70)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=20)
    correo: OptionalEmail = None
    forma_pago: Code | None = Field(default=None, description=FORMA_PAGO)
    aduana: AduanaIn | None = None

    @field_validator("moneda")
    @classmethod
    def _known(cls, value: str | None, _info: ValidationInfo) -> str | None:
        if value is not None and value.upper() not in MONEDAS:
            raise ValueError(f"La moneda «{value}» no está entre las que admite el documento")
        return value and value.upper()

    @property
    def currency(self) -> str:
        """The currency meant."""
        return self.moneda or (PESO_CHILENO if self.tipo_cambio is None else DOLAR)


class BultoOut(Out):
    """A kind of package and how many."""

    codigo: int
    cantidad: int
    marcas: str | None


class AduanaOut(Out):
    """The customs block as it was given; what follows from the sale is on the document."""

    modalidad_venta: int
    clausula_venta: int
    total_clausula: Number | None
    via_transporte: int | None
    puerto_embarque: int | None
    puerto_desembarque: int | None
    tara: int | None
    unidad_tara: int | None
    peso_bruto: Number | None
    unidad_peso_bruto: int | None
    peso_neto: Number | None
    unidad_peso_neto: int | None
    total_bultos: int | None
    bultos: list[BultoOut]
    flete: Number | None
    seguro: Number | None
    pais_receptor: int | None
    pais_destino: int | None


class ExportacionOut(Out):
    """What an export document carries. `monto_total` is in its currency; the sale's own amounts are in pesos."""

    moneda: str
    tipo_cambio: Number | None
    monto_total: Number
    indicador_servicio: int | None
    forma_pago: int | None = Field(description=FORMA_PAGO)
    nombre: str
    numero_id: str | None
    pais: int | None
    direccion: str | None
    comuna: str | None
    ciudad: str | None
    correo: str | None
    aduana: AduanaOut | None


class ExportFacts(BaseModel):
    """What is kept with an export: enough to issue its document again. `monto_total` is in its currency."""

    moneda: str
    tipo_cambio: Decimal | None
    monto_total: Decimal
    indicador_servicio: int | None
    forma_pago: int | None
    nombre: str
    numero_id: str | None
    pais: int | None
    direccion: str | None
    comuna: str | None
    ciudad: str | None
    correo: str | None
    aduana: AduanaIn | None
    total_pesos: int | None = None
    """Of a note: its total in pesos, which may be a peso off its own rounding."""
    total_items: int = 1

    def of_document(self) -> Exportacion:
        """Return currency and customs as a document carries them."""
        aduana = None
        if self.aduana is not None:
            aduana = self.aduana.of_document(total=self.monto_total, items=self.total_items, pais=self.pais)
        stated = None if self.total_pesos is None or self.tipo_cambio is None else Pesos(self.total_pesos)
        return Exportacion(
            moneda=self.moneda,
            tipo_cambio=self.tipo_cambio,
            forma_pago=self.forma_pago,
            aduana=aduana,
            total_pesos=stated,
        )

    def receptor(self) -> Receptor:
        """Return the buyer as a document names them."""
        return Receptor(
            rut=RECEPTOR_EXTRANJERO,
            razon_social=self.nombre,
            direccion=self.direccion,
            comuna=self.comuna,
            ciudad=self.ciudad,
            correo=self.correo,
            nacionalidad=self.pais,
            numero_id=self.numero_id,
        )
