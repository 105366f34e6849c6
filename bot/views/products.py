"""The products as screens."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.keyboards.products import PRODUCTS_ON_A_PAGE, ShowProduct, build_product, build_products
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone
from payroll.products import Catalogue, Product, ProductChange


def render_products(words: Words, catalogue: Catalogue, page: int = 0) -> Screen:
    """A page of all products, in the order in which they can be picked."""
    page_count = max(1, -(-len(catalogue.products) // PRODUCTS_ON_A_PAGE))
    shown = min(page, page_count - 1)
    text = words.lines([words("models-title"), "", words("models-explained", count=len(catalogue.active))])
    return Screen(text, build_products(words, catalogue, shown, page_count))


def render_product(words: Words, product: Product) -> Screen:
    """A product's page."""
    state = words("model-active" if product.is_active else "model-inactive")
    return Screen(words.lines([_title(words, product), "", state]), build_product(words, product))


def ask_product(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """The name, or what would become of it."""
    change: ProductChange = question.shown
    title = _title(words, change.old) if change.old else words("model-title-new")
    return words.lines([title, "", words(f"ask-{errand.kind}-{question.name}", name=_name(change.new))])


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What became of it."""
    change: ProductChange = done.outcome
    text = words(f"model-done-{done.errand.kind}", name=_name(change.new), old=_name(change.old))
    return Screen(text, build_back(words, DeskButton(to=Desk.PRODUCTS)))


def _title(words: Words, product: Product) -> Html:
    return words("model-title", name=clean_name(product.name))


def _name(product: Product | None) -> str:
    return clean_name(product.name) if product else ""


def _go_home(errand: Errand) -> CallbackData:
    is_new = errand.kind is AdminErrand.PRODUCT_ADD
    return DeskButton(to=Desk.PRODUCTS) if is_new else ShowProduct(product_id=int(errand.subject))


_VIEW = ErrandView(_go_home, render_done, ask_product)
ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.PRODUCT_ADD: _VIEW,
    AdminErrand.PRODUCT_NAME: _VIEW,
    AdminErrand.PRODUCT_OFF: _VIEW,
    AdminErrand.PRODUCT_ON: _VIEW,
}
