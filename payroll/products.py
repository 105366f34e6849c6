"""The products: what sales are booked on, by id and by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from payroll.errors import ErrorKey, InvalidInputError


@dataclass(frozen=True, slots=True)
class Product:
    """A product; an inactive one cannot be picked for new sales (PAYROLL D11)."""

    product_id: int
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ProductChange:
    """A product as it was, None for a new one, and as it is; None where that is still to be said."""

    old: Product | None
    new: Product | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products, in product-id order."""

    products: tuple[Product, ...]

    @property
    def names(self) -> Mapping[int, str]:
        """Name by product id."""
        return {product.product_id: product.name for product in self.products}

    @property
    def active(self) -> list[Product]:
        """Those that can be picked for new sales."""
        return [product for product in self.products if product.is_active]

    def with_all_active(self) -> "Catalogue":
        """The same as if every product could be picked, for what was sold of them before."""
        return Catalogue(tuple(replace(product, is_active=True) for product in self.products))

    def find(self, name: str) -> Product:
        """The product of that name. Raises InvalidInputError with the names there are (TECH T14)."""
        for product in self.products:
            if product.name == name:
                return product
        names = ", ".join(product.name for product in self.products)
        raise InvalidInputError(ErrorKey.PRODUCT_UNKNOWN, field="products", value=name, allowed=names)
