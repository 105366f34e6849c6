"""The desk of products."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.audit import audit_button
from bot.keyboards.errand import begin_button, build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words, clean_name
from payroll.products import Catalogue, Product

PRODUCTS_ON_A_PAGE = 8


class ProductsPage(CallbackData, prefix="ml"):
    """A page of the products."""

    page: PageNumber


class ShowProduct(CallbackData, prefix="mo"):
    """A product's page."""

    product_id: Annotated[int, Field(ge=0, lt=2**31)]


def build_products(words: Words, catalogue: Catalogue, page: int, page_count: int) -> InlineKeyboardMarkup:
    """A button a product, the pages, and the one for a new product."""
    shown = catalogue.products[page * PRODUCTS_ON_A_PAGE : (page + 1) * PRODUCTS_ON_A_PAGE]
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(
                    "button-model" if one.is_active else "button-model-inactive", name=clean_name(one.name)
                ),
                callback_data=ShowProduct(product_id=one.product_id).pack(),
            )
        ]
        for one in shown
    ]
    turns = turn_buttons(words, page, page_count, lambda to: ProductsPage(page=to))
    adding = [begin_button(words, AdminErrand.PRODUCT_ADD)]
    return build_back(words, MenuButton(to=Place.ADMIN), *rows, *([turns] if turns else []), adding)


def build_product(words: Words, product: Product) -> InlineKeyboardMarkup:
    """What can be done about a product."""
    switch = AdminErrand.PRODUCT_OFF if product.is_active else AdminErrand.PRODUCT_ON
    row = [begin_button(words, kind, product.product_id) for kind in (AdminErrand.PRODUCT_NAME, switch)]
    return build_back(words, DeskButton(to=Desk.PRODUCTS), row, [audit_button(words, f"product:{product.product_id}")])
