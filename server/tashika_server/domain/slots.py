"""The slot of a guarantee contract: what there may be only one live contract of."""

from tashika_server.domain.model import Application, Product


def slot(application: Application) -> str:
    """Give the slot that a complete application takes.

    A works contract has one contract guarantee at a time, and one prepayment guarantee per fiscal year. Only
    multi-year works name a fiscal year; others have one prepayment guarantee in all.
    Raises ``ValueError`` where works or product are missing.
    """
    if not application.works_id or application.product is None:
        raise ValueError("only an application with works and product takes a slot")
    parts = [application.works_id, application.product.value]
    if application.product is not Product.PERFORMANCE and application.fiscal_year is not None:
        parts.append(str(application.fiscal_year))
    return "/".join(parts)
