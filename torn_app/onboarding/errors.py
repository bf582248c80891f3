"""Why a company or a person cannot be added."""

from torn_app.kernel.errors import InvalidInput, NotFound


class TenantNotCreated(InvalidInput):
    """The company could not be created, and why."""

    message = "Error creando el inquilino: {reason}"


class PasswordRequired(InvalidInput):
    """A person nobody knows yet needs a password."""

    message = "Password is required for new core users"


class AlreadyMember(InvalidInput):
    """The person belongs to the company already."""

    message = "El usuario ya pertenece a esta empresa"


class UnknownRole(InvalidInput):
    """The company has no such role."""

    message = "El rol '{role}' no existe en esta empresa."


class LinkNotFound(NotFound):
    """The person does not belong to the company."""

    message = "Tenant user link not found"
