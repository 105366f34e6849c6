"""The products as admins see and change them (SPEC 4 "Admin", PAYROLL D11)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.errands import AdminErrand, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure, read_subject, read_text
from payroll.errors import ErrorKey, NotFoundError
from payroll.people import Person
from payroll.products import Catalogue, Product, ProductChange
from postgres_service import PostgresService

LONGEST_NAME = 40


def get_catalogue(service: PostgresService, admin: Person) -> Catalogue:
    """All products. Raises ForbiddenError."""
    admin.require_admin()
    return service.get_catalogue()


def get_product(service: PostgresService, admin: Person, product_id: int) -> Product:
    """One of them. Raises ForbiddenError, NotFoundError."""
    for product in get_catalogue(service, admin).products:
        if product.product_id == product_id:
            return product
    raise NotFoundError(ErrorKey.PRODUCT_UNKNOWN, field="product", value=product_id, allowed="a model of the list")


def ask_name(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """The name of a new product, or another one of an old, and whether it is right."""
    old = _find_old(service, admin, errand)
    if "name" not in errand.answers:
        return Question("name", read=read_text("name", LONGEST_NAME), shown=ProductChange(old, old))
    return ask_sure(service, admin, errand, save_name)


def save_name(service: PostgresService, admin: Person, errand: Errand) -> ProductChange:
    """Add or rename it."""
    old, name = _find_old(service, admin, errand), errand.answers["name"]
    if old is None:
        return ProductChange(None, service.products.add(name, actor=admin))
    return ProductChange(old, service.products.rename(old.product_id, name, actor=admin))


def ask_switch(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Whether it is right."""
    old = get_product(service, admin, read_subject(errand))
    question = ask_sure(service, admin, errand, switch)
    return replace(question, stands_on=old.is_active) if question is not None else None


def switch(service: PostgresService, admin: Person, errand: Errand) -> ProductChange:
    """Take it out of what can be picked, or put it back."""
    old = get_product(service, admin, read_subject(errand))
    is_active = errand.kind is AdminErrand.PRODUCT_ON
    return ProductChange(old, service.products.set_active(old.product_id, is_active=is_active, actor=admin))


def _find_old(service: PostgresService, admin: Person, errand: Errand) -> Product | None:
    if errand.kind is AdminErrand.PRODUCT_ADD:
        return None
    return get_product(service, admin, read_subject(errand))


_NAMING = ErrandRules(Person.require_admin, ask_name, save_name)
_SWITCHING = ErrandRules(Person.require_admin, ask_switch, switch)
ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.PRODUCT_ADD: _NAMING,
    AdminErrand.PRODUCT_NAME: _NAMING,
    AdminErrand.PRODUCT_OFF: _SWITCHING,
    AdminErrand.PRODUCT_ON: _SWITCHING,
}
