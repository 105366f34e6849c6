"""Products added, renamed, taken out of what can be sold and put back (SPEC 4 "Admin", PAYROLL D11)."""

from config import RECORD_FIELDS
from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.people import Person
from payroll.products import Product
from repository.database import unit_of_work
from repository.desk import Desk

LONGEST_NAME = 40


class ProductDesk:
    """The door to products for admins."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.database

    @unit_of_work
    def add(self, name: str, *, actor: Person) -> Product:
        """A new product. Raises ForbiddenError, InvalidInputError, ConflictError with NAME_TAKEN."""
        self._desk.require_admin(actor)
        checked = self._check_name(name, None)
        row = self._database.fetch_one("insert_product", {"name": checked})
        product = Product(row[0] if row else 0, checked, is_active=True)
        self._desk.audit(actor, "product added", _name(product), new={"name": checked})
        return product

    @unit_of_work
    def rename(self, product_id: int, name: str, *, actor: Person) -> Product:
        """Call a product otherwise, in all that was sold of it too. Raises as `add`, NotFoundError."""
        self._desk.require_admin(actor)
        old = self._lock(product_id)
        checked = self._check_name(name, product_id)
        self._database.execute("rename_product", {"product_id": product_id, "name": checked})
        self._desk.audit(actor, "product renamed", _name(old), old={"name": old.name}, new={"name": checked})
        return Product(product_id, checked, old.is_active)

    @unit_of_work
    def set_active(self, product_id: int, *, is_active: bool, actor: Person) -> Product:
        """Take a product out of what can be picked for new sales, or put it back. Raises as `rename`."""
        self._desk.require_admin(actor)
        old = self._lock(product_id)
        self._database.execute("set_product_active", {"product_id": product_id, "is_active": is_active})
        shown = [{"is_active": one} for one in (old.is_active, is_active)]
        self._desk.audit(actor, "product changed", _name(old), old=shown[0], new=shown[1])
        return Product(product_id, old.name, is_active)

    def _lock(self, product_id: int) -> Product:
        row = self._database.fetch_one("lock_product", {"product_id": product_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.PRODUCT_UNKNOWN, field="product", value=product_id, allowed="a product's number"
            )
        return Product(*row)

    def _check_name(self, name: str, product_id: int | None) -> str:
        checked = name.strip()
        if not 1 <= len(checked) <= LONGEST_NAME or not checked.isprintable() or checked in RECORD_FIELDS:
            allowed = f"1 to {LONGEST_NAME} characters, and no name of a shift's field"
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field="name", value=checked[:60], allowed=allowed)
        row = self._database.fetch_one("find_product_named", {"name": checked, "product_id": product_id})
        if row is not None:
            raise ConflictError(ErrorKey.NAME_TAKEN, field="name", value=row[0], allowed="another name")
        return checked


def _name(product: Product) -> str:
    return f"product:{product.product_id}"
