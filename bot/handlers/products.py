"""The desk of products; what is done there are errands."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.products import ProductsPage, ShowProduct
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import products
from bot.views import products as view
from bot.words import Words
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="products")
    router.callback_query.register(show_products, DeskButton.filter(F.to == Desk.PRODUCTS))
    router.callback_query.register(turn_products, ProductsPage.filter())
    router.callback_query.register(show_product, ShowProduct.filter())
    return router


@allow(Who.ADMIN)
async def show_products(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """What sales are booked on."""
    return view.render_products(words, await call(products.get_catalogue, person))


@allow(Who.ADMIN)
async def turn_products(
    _query: CallbackQuery, callback_data: ProductsPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page of it."""
    return view.render_products(words, await call(products.get_catalogue, person), callback_data.page)


@allow(Who.ADMIN)
async def show_product(
    _query: CallbackQuery, callback_data: ShowProduct, call: Caller, person: Person, words: Words
) -> Screen:
    """One of them."""
    return view.render_product(words, await call(products.get_product, person, callback_data.product_id))
