"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from playground import errors
from playground.errors import ApiError, Refusal
from playground.faults import Fault, Outage
from playground.methods import METHODS
from playground.params import Params, read_params
from playground.records import Json, StoredFile
from playground.world import World

_PAGE = "<html><body><h1>502 D\xe9sol\xe9</h1></body></html>".encode("latin-1")
"""As a proxy answers that does not say how it writes."""
_TOKEN_FORM = re.compile(r"\d+:[\w-]+")


class BotApi:
    """Answers the bot's calls."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token

    def add_routes(self, app: web.Application) -> None:
        """Put the addresses of the Bot API into the application."""
        app.router.add_route("GET", "/bot{token}/{method}", self._answer_call)
        app.router.add_route("POST", "/bot{token}/{method}", self._answer_call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._answer_file)

    async def _answer_call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self._world.note_call(method)
        outage = self._world.outage
        if outage is not None:
            return await self._stay_away(request, outage)
        fault = self._world.faults.take(method.lower())
        if fault is not None:
            await asyncio.sleep(fault.delay)
        is_lost = False
        try:
            self._check_token(request)
            result = await self._call(method, await read_params(request), fault)
            is_lost = method.lower() == "getupdates" and bool(result) and self._world.updates.chaos.loses_answer()
        except ApiError as error:
            response = _refusal_response(error.refusal)
        else:
            response = web.json_response({"ok": True, "result": result})
        if is_lost or (fault is not None and fault.drops_answer):
            _cut(request)
        return response

    async def _stay_away(self, request: web.Request, outage: Outage) -> web.Response:
        if outage is Outage.HANGING:
            await self._world.wait_for_end_of_outage()
        if outage is Outage.PAGE:
            return web.Response(body=_PAGE, status=502, content_type="text/html")
        if outage is not Outage.REFUSING:
            _cut(request)
        return _refusal_response(errors.BAD_GATEWAY)

    async def _call(self, method: str, params: Params, fault: Fault | None) -> object:
        self._world.calls[method] = self._world.calls.get(method, 0) + 1
        if fault is not None and fault.refusal is not None:
            raise ApiError(fault.refusal)
        if method.lower() == "getupdates":
            return await self._get_updates(params)
        if method.lower() not in METHODS:
            raise ApiError(errors.METHOD_NOT_FOUND)
        try:
            return self._call_now(method.lower(), params)
        except ApiError as error:
            self._report_refusal(method, params, error.refusal)
            raise

    def _call_now(self, method: str, params: Params) -> object:
        refusal = self._world.limits.check(method, params.integer("chat_id"), self._world.now())
        if refusal is not None:
            raise ApiError(refusal)
        return METHODS[method](self._world, params)

    def _report_refusal(self, method: str, params: Params, refusal: Refusal) -> None:
        press = self._world.presses.get(params.text("callback_query_id"))
        chat_id = press.user_id if press else params.integer("chat_id")
        if chat_id:
            self._world.events.add("refused", chat_id, {"method": method, "description": refusal.description})

    async def _get_updates(self, params: Params) -> list[Json]:
        if self._world.webhook_url:
            raise ApiError(errors.WEBHOOK_ACTIVE)
        allowed = params.json("allowed_updates", "allowed_updates")
        if isinstance(allowed, list):
            self._world.updates.set_allowed([str(each) for each in allowed])
        return await self._world.updates.poll(
            params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        )

    async def _answer_file(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            file = find_file(self._world, request.match_info["path"])
        except ApiError as error:
            return _refusal_response(error.refusal)
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not _TOKEN_FORM.fullmatch(token):
            raise ApiError(errors.NOT_FOUND)
        if token != self._token:
            raise ApiError(errors.UNAUTHORIZED)


def find_file(world: World, path: str) -> StoredFile:
    """The file of a path that getFile gave; 404 for any other."""
    for file in world.files.values():
        if file.path == path:
            return file
    raise ApiError(errors.NOT_FOUND)


def _cut(request: web.Request) -> None:
    """Close the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()


def _refusal_response(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.error_code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = dict(refusal.parameters)
    return web.json_response(body, status=refusal.error_code)
