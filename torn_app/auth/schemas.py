"""Login: what is sent and what comes back."""

from pydantic import Field

from torn_app.kernel.fields import In, Out
from torn_app.saas.schemas import AvailableTenant, SaaSUserOut


class LoginIn(In):
    """E-mail and password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=200)


class TokenForm(In):
    """The OAuth2 password form: the e-mail is the `username`. The rest is what OAuth2 clients add, and is ignored."""

    username: str = Field(max_length=254)
    password: str = Field(max_length=200)
    grant_type: str | None = None
    scope: str = ""
    client_id: str | None = None
    client_secret: str | None = None


class SaaSToken(Out):
    """An access token and where it may be used."""

    access_token: str
    token_type: str
    user: SaaSUserOut
    available_tenants: list[AvailableTenant]


class SessionInfo(Out):
    """Who a valid token belongs to."""

    user: SaaSUserOut
    available_tenants: list[AvailableTenant]


class TenantChoice(In):
    """The company a browser wants to work in."""

    tenant_id: int


class WhoAmI(Out):
    """What a screen shows of the person and the company, and what it may offer."""

    account_id: int
    staff_id: int | None
    email: str
    name: str
    role_name: str
    is_admin: bool
    is_superuser: bool
    permissions: list[str]
    tenant_id: int
    company_name: str
    company_rut: str
    ambiente: str
    companies: int
    """How many companies the person may choose from."""
