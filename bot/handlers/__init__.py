"""Handlers: each parses an update, calls one use case, and returns what to show."""

from aiogram import Router

from bot.handlers import admin, edit, fallback, join, running, shift, start, stats


def build_routers() -> list[Router]:
    """The routers, new for each bot, in the order in which they are asked."""
    return [
        join.build_router(),
        fallback.build_odd_router(),
        start.build_router(),
        admin.build_router(),
        shift.build_router(),
        running.build_router(),
        edit.build_router(),
        stats.build_router(),
        shift.build_typed_router(),
        fallback.build_router(),
    ]
