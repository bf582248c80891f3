"""Every table of Torn, gathered: importing this module fills both metadatas."""

import torn_app.auth.models
import torn_app.cash.models
import torn_app.certification.models
import torn_app.company.models
import torn_app.customers.models
import torn_app.documents.models
import torn_app.folios.models
import torn_app.infra.canary
import torn_app.integrations.models
import torn_app.inventory.models
import torn_app.price_lists.models
import torn_app.products.models
import torn_app.purchases.models
import torn_app.reports.models
import torn_app.saas.models
import torn_app.sales.models
import torn_app.users.models  # noqa: F401
from torn_app.infra.tenancy import GLOBAL_METADATA, TENANT_METADATA

__all__ = ["GLOBAL_METADATA", "TENANT_METADATA"]
