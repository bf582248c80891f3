"""What the till can be refused for."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound


class NotLocalUser(InvalidInput):
    """A member of the company without a staff row."""

    message = "Usuario local no encontrado en la sucursal actual."


class ShiftAlreadyOpen(Conflict):
    """One open shift per person."""

    message = "Ya existe una caja abierta para este usuario (ID: {id}, Inicio: {start})"


class NoOpenShift(NotFound):
    """The caller has no open shift."""

    message = "No hay caja abierta"


class SellerWithoutShift(Conflict):
    """Nobody sells without an open shift."""

    message = "El vendedor (ID {id}) no tiene turno de caja abierto."


class ShiftNotFound(NotFound):
    """No such shift in this company, or somebody else's."""

    message = "Turno de caja {id} no encontrado"


class ShiftsStillOpen(Conflict):
    """Somebody is at a till."""

    message = "Hay turnos de caja abiertos ({count}). Ciérralos antes de cambiar de modo."
