"""What the people and roles of a company can be refused for."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unprocessable


class UserLimitReached(InvalidInput):
    """The plan's number of people is used up."""

    message = "El plan actual (Max {n}) no permite agregar más usuarios a la empresa."


class EmailRequired(InvalidInput):
    """Nobody logs in without an e-mail."""

    message = "El Email es requerido para el login"


class PasswordNeeded(InvalidInput):
    """A person nobody knows yet needs a password."""

    message = "Se requiere una contraseña para nuevos usuarios"


class RutTaken(Conflict):
    """Another person of the company has that RUT."""

    message = "El RUT ya existe en esta sucursal"


class EmailTaken(Conflict):
    """Another account has that e-mail."""

    message = "Ya existe una cuenta con el correo {email}"


class UserNotFound(NotFound):
    """No such person in the company."""

    message = "Usuario no encontrado"


class SupportNotEditable(NotAllowed):
    """The hidden person platform staff act as stays as it is."""

    message = "No se puede modificar un usuario de sistema."


class SupportNotDeletable(NotAllowed):
    """The hidden person platform staff act as stays."""

    message = "No se puede eliminar un usuario de sistema."


class OwnerStays(InvalidInput):
    """The first administrator of a company keeps being let in."""

    message = "No puedes desactivar al administrador principal."


class OwnerKeepsRole(InvalidInput):
    """The first administrator of a company stays administrator."""

    message = "No puedes quitarle el rol de administrador al administrador principal."


class AccountNotYours(NotAllowed):
    """The account also opens doors outside the company, so its e-mail and password are not the company's to change."""

    message = "Esta persona también entra a otra empresa: solo ella puede cambiar su correo y su contraseña."


class RoleUnknown(Unprocessable):
    """A person is given a role that does not exist."""

    message = "El rol {id} no existe."

    def __init__(self, role_id: int) -> None:
        super().__init__("role_id", None, id=role_id)


class RoleNotFound(NotFound):
    """No such role."""

    message = "Rol no encontrado"


class AdministratorFixed(Unprocessable):
    """A company must always have a role that may do everything."""

    message = "El rol ADMINISTRADOR siempre puede todo: no se le pueden quitar permisos."
