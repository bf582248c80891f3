"""Providers, purchases, and how they make the cost of a product."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0004"
down_revision: str | None = "tenant_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rut", sa.String(), nullable=False),
        sa.Column("razon_social", sa.String(), nullable=False),
        sa.Column("giro", sa.String(), nullable=True),
        sa.Column("direccion", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("telefono", sa.String(), nullable=True),
        sa.Column("ciudad", sa.String(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("rut", name=op.f("uq_provider_rut")),
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("folio", sa.String(), nullable=True),
        sa.Column("tipo_documento", sa.String(), nullable=False),
        sa.Column("fecha_compra", sa.DateTime(timezone=True), nullable=False),
        sa.Column("monto_neto", sa.BigInteger(), nullable=False),
        sa.Column("iva", sa.BigInteger(), nullable=False),
        sa.Column("monto_total", sa.BigInteger(), nullable=False),
        sa.Column("observacion", sa.String(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "tipo_documento IN ('FACTURA', 'BOLETA', 'SIN_DOCUMENTO')", name=op.f("ck_purchase_documento")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_purchase_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
    )
    op.create_index(op.f("ix_purchase_provider_id"), "purchase", ["provider_id"], unique=False)
    op.create_table(
        "purchase_cost",
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("costo_previo", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("costo_resultante", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_purchase_cost_product_id")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_cost_purchase_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("purchase_id", "product_id", name=op.f("pk_purchase_cost")),
    )
    op.create_index(op.f("ix_purchase_cost_product_id"), "purchase_cost", ["product_id"], unique=False)
    op.create_table(
        "purchase_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("cantidad", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("precio_costo_unitario", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("entered_stock", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cantidad > 0", name=op.f("ck_purchase_line_cantidad")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_purchase_line_product_id")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_line_purchase_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_line")),
    )
    op.create_index(op.f("ix_purchase_line_product_id"), "purchase_line", ["product_id"], unique=False)
    op.create_index(op.f("ix_purchase_line_purchase_id"), "purchase_line", ["purchase_id"], unique=False)
    # Companies that are there already cost by the last purchase, as they did.
    op.add_column("settings", sa.Column("metodo_costo", sa.String(), nullable=False, server_default="ULTIMO"))
    op.alter_column("settings", "metodo_costo", server_default=None)
    op.create_check_constraint(op.f("ck_settings_metodo_costo"), "settings", "metodo_costo IN ('ULTIMO', 'PROMEDIO')")


def downgrade() -> None:
    op.drop_column("settings", "metodo_costo")
    op.drop_index(op.f("ix_purchase_line_purchase_id"), table_name="purchase_line")
    op.drop_index(op.f("ix_purchase_line_product_id"), table_name="purchase_line")
    op.drop_table("purchase_line")
    op.drop_index(op.f("ix_purchase_cost_product_id"), table_name="purchase_cost")
    op.drop_table("purchase_cost")
    op.drop_index(op.f("ix_purchase_provider_id"), table_name="purchase")
    op.drop_table("purchase")
    op.drop_table("provider")
