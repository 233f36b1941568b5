"""What the pages of this room at the desk share."""

from typing import Any

from django.views.decorators.http import require_http_methods

from terrace.products import policies, queries
from terrace.products.models import Product

page = require_http_methods(["GET", "HEAD", "POST"])


def run_product(member: Any, slug: str) -> Product:
    """Return the product at an address, for who runs it. Raises Missing and Refused."""
    by = policies.check_desk(member)
    product = queries.find_product(slug)
    policies.check_run_product(by, product)
    return product
