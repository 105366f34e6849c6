"""Handlers: each parses an update, calls one use case, and returns what to show."""

from aiogram import Router

from bot.handlers import (
    admin,
    admin_database,
    admin_inbox,
    audit,
    edit,
    errands,
    fallback,
    held_bonuses,
    join,
    left,
    pay,
    periods,
    products,
    questions,
    rank_table,
    rates,
    refused,
    reports,
    requests,
    running,
    settings,
    shift,
    start,
    stats,
    team,
    typed,
)
from bot.middlewares.rights import guard


def build_routers() -> list[Router]:
    """The routers, new for each bot, in the order in which they are asked; each handler's policy is in force.

    Raises PolicyMissingError for a handler that declares none.
    """
    routers = [
        start.build_router(),
        join.build_router(),
        admin.build_router(),
        admin_inbox.build_router(),
        admin_database.build_router(),
        shift.build_router(),
        running.build_router(),
        left.build_router(),
        edit.build_router(),
        stats.build_router(),
        pay.build_router(),
        periods.build_router(),
        reports.build_router(),
        team.build_router(),
        requests.build_router(),
        questions.build_router(),
        products.build_router(),
        rates.build_router(),
        rank_table.build_router(),
        held_bonuses.build_router(),
        settings.build_router(),
        audit.build_router(),
        errands.build_router(),
        typed.build_router(),
        fallback.build_router(),
    ]
    return guard(routers, refused.refuse)
