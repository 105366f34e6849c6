"""The control API for tests and the page: /emulator/…, plain JSON.

What a person cannot do answers 400 with {"error": sentence}.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from playground import people
from playground.bot_api import find_file
from playground.chaos import Chaos
from playground.errors import ApiError, PersonError, Refusal
from playground.faults import Fault, Outage
from playground.params import Params, read_params
from playground.records import Json, Press, Profile
from playground.views import view_message, view_person, view_press
from playground.world import World

_LONGEST_WAIT = 60.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """Lets a test or the page act as the people, look at their chats, and set faults."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_routes(self, app: web.Application) -> None:
        """Put the addresses of the control API into the application."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/people", self._list_people),
            ("POST", "/people", self._add_person),
            ("GET", "/people/{id}", self._show_chat),
            ("GET", "/people/{id}/presses", self._list_presses),
            ("GET", "/presses/{query_id}", self._show_press),
            ("POST", "/people/{id}/text", self._send_text),
            ("POST", "/people/{id}/photo", self._send_photo),
            ("POST", "/people/{id}/press", self._press),
            ("POST", "/people/{id}/block", self._block),
            ("GET", "/events", self._list_events),
            ("POST", "/updates", self._inject_update),
            ("POST", "/updates/next_id", self._jump_update_id),
            ("GET", "/updates/{update_id}", self._show_update),
            ("POST", "/updates/{update_id}/again", self._deliver_again),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("POST", "/limits", self._set_limits),
            ("POST", "/chaos", self._set_chaos),
            ("POST", "/chaos/rest", self._deliver_rest),
            ("POST", "/outage", self._set_outage),
            ("POST", "/clock", self._set_clock),
            ("GET", "/counters", self._show_counters),
            ("GET", "/files/{path:.+}", self._show_file),
        ]
        for method, path, handler in routes:
            app.router.add_route(method, f"/emulator{path}", _guarded(handler))

    async def _list_people(self, _: web.Request) -> web.Response:
        listed = [view_person(chat) for chat in self._world.chats.values()]
        bot = self._world.bot
        return web.json_response(
            {
                "seq": self._world.events.last_seq,
                "bot": {"first_name": bot.first_name, "username": bot.username},
                "now": self._world.now(),
                "guide": self._world.guide.as_json(),
                "people": listed,
            }
        )

    async def _add_person(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        names = {name: body.text(name) for name in ("last_name", "username", "language_code", "label")}
        profile = Profile(body.integer("id"), body.text("first_name"), **names)
        if profile.id <= 0 or not profile.first_name:
            raise PersonError("a person needs an id above 0 and a first_name")
        return web.json_response(view_person(self._world.add_person(profile)))

    async def _show_chat(self, request: web.Request) -> web.Response:
        world, person_id = self._world, _person_id(request)
        chat = world.get_chat(person_id)
        commands = world.list_commands(chat.profile)
        return web.json_response(
            {
                "seq": world.events.last_seq,
                "is_waiting": people.is_waiting(world, person_id),
                "person": view_person(chat),
                "messages": [view_message(message) for message in chat.messages.values()],
                "commands": [{"command": each.command, "description": each.description} for each in commands],
            }
        )

    async def _list_presses(self, request: web.Request) -> web.Response:
        presses = self._world.list_presses(_person_id(request))
        return web.json_response({"presses": [view_press(self._world, press) for press in presses]})

    async def _show_press(self, request: web.Request) -> web.Response:
        press = self._world.presses.get(request.match_info["query_id"])
        if press is None:
            raise PersonError(f"there is no press {request.match_info['query_id']}")
        return web.json_response(view_press(self._world, press))

    async def _send_text(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        reply_to = body.integer("reply_to") or None
        sent = people.send_text(
            self._world, _person_id(request), body.text("text"), reply_to, body.text("forwarded_from")
        )
        return web.json_response(sent.as_json())

    async def _send_photo(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        try:
            content = base64.b64decode(body.text("image"), validate=True)
        except binascii.Error as error:
            raise PersonError("image must be base64") from error
        photo = self._world.add_file("photo.jpg", "image/jpeg", content, is_picture=True)
        if photo.size is None:
            raise PersonError("image must be a PNG or a JPEG")
        sent = people.send_photo(self._world, _person_id(request), photo, body.text("caption"))
        return web.json_response(sent.as_json())

    async def _press(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        message_id = body.integer("message_id") or None
        presses: list[Press] = []
        for _ in range(body.integer("times", 1)):
            if body.text("data"):
                press = people.press_data(self._world, _person_id(request), body.text("data"), message_id)
            else:
                press = people.press_button(self._world, _person_id(request), body.text("text"), message_id)
            presses.append(press)
        return web.json_response({"presses": [view_press(self._world, press) for press in presses]})

    async def _block(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        update_id = people.set_blocked(self._world, _person_id(request), is_blocked=body.flag("is_blocked"))
        return web.json_response({"update_id": update_id})

    async def _list_events(self, request: web.Request) -> web.Response:
        query = Params(dict(request.query))
        chat_id = query.integer("chat_id") or None
        timeout = min(query.number("timeout"), _LONGEST_WAIT)
        events = await self._world.events.wait_after(query.integer("after"), chat_id, timeout)
        return web.json_response(
            {"seq": self._world.events.last_seq, "events": [self._view_event(event.as_json()) for event in events]}
        )

    def _view_event(self, event: Json) -> Json:
        """The event with the message or press as it is now, so that the page needs no second call."""
        body = event["body"]
        chat = self._world.chats.get(int(str(event["chat_id"])))
        if not isinstance(body, dict) or chat is None:
            return event
        message = chat.messages.get(body.get("message_id", 0))
        press = self._world.presses.get(body.get("query_id", ""))
        if message is not None:
            event["message"] = view_message(message)
        if press is not None:
            event["press"] = view_press(self._world, press)
        return event

    async def _inject_update(self, request: web.Request) -> web.Response:
        update = (await _read_body(request)).json("update", "update")
        if not isinstance(update, dict):
            raise PersonError("update must be a JSON object")
        return web.json_response({"update_id": self._world.updates.add(0, update)})

    async def _jump_update_id(self, request: web.Request) -> web.Response:
        self._world.updates.next_id = (await _read_body(request)).integer("value", 1)
        return web.json_response({"next_id": self._world.updates.next_id})

    async def _show_update(self, request: web.Request) -> web.Response:
        state = self._world.updates.find_state(int(request.match_info["update_id"]))
        if state is None:
            raise PersonError(f"there is no update {request.match_info['update_id']}")
        return web.json_response(state)

    async def _deliver_again(self, request: web.Request) -> web.Response:
        update_id = int(request.match_info["update_id"])
        for _ in range((await _read_body(request)).integer("times", 1)):
            if not self._world.updates.add_again(update_id):
                raise PersonError(f"there is no update {update_id}")
        return web.json_response({"update_id": update_id})

    async def _add_fault(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        self._world.faults.add(
            Fault(
                method=body.text("method"),
                times=body.integer("times", 1),
                refusal=_read_refusal(body),
                delay=body.number("delay"),
                drops_answer=body.flag("drops_answer"),
            )
        )
        return web.json_response({})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._world.faults.clear()
        return web.json_response({})

    async def _set_limits(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        self._world.limits.per_chat = body.integer("per_chat") or None
        self._world.limits.overall = body.integer("overall") or None
        return web.json_response({})

    async def _set_chaos(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        self._world.updates.chaos = Chaos(
            seed=body.integer("seed", 1),
            again=body.number("again"),
            latest=body.integer("latest", 50),
            jumps=body.number("jumps"),
            shuffled=body.flag("shuffled"),
            lost_polls=body.number("lost_polls"),
        )
        return web.json_response({})

    async def _deliver_rest(self, _: web.Request) -> web.Response:
        return web.json_response({"delivered_again": self._world.updates.add_all_again()})

    async def _set_outage(self, request: web.Request) -> web.Response:
        kind = (await _read_body(request)).text("kind")
        if kind not in {"", *Outage}:
            raise PersonError(f"kind: {kind} (allowed: {', '.join(Outage)}, or none)")
        self._world.set_outage(Outage(kind) if kind else None)
        return web.json_response({})

    async def _set_clock(self, request: web.Request) -> web.Response:
        body = await _read_body(request)
        self._world.advance_clock(body.number("advance"))
        self._world.callback_lifetime = body.number("callback_lifetime", self._world.callback_lifetime)
        return web.json_response({"now": self._world.now()})

    async def _show_counters(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "seq": self._world.events.last_seq,
                "calls": self._world.calls,
                "attempts": Counter(method for _, method in self._world.arrivals),
                "pending_updates": self._world.updates.pending_count,
                "refused_by_limits": self._world.limits.refused,
            }
        )

    async def _show_file(self, request: web.Request) -> web.Response:
        file = find_file(self._world, request.match_info["path"])
        response = web.Response(body=file.content, content_type=file.mime_type)
        if file.size is None:
            # A document that shows itself in the page's origin could act as the page.
            response.headers["Content-Disposition"] = "attachment"
        return response


def _guarded(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except PersonError as error:
            return web.json_response({"error": str(error)}, status=400)
        except ApiError as error:
            return web.json_response({"error": error.refusal.description}, status=error.refusal.error_code)

    return answer


async def _read_body(request: web.Request) -> Params:
    # Other sites can send a form to this machine without asking, but never JSON.
    if request.content_type != "application/json":
        raise PersonError("the body must be application/json")
    return await read_params(request)


def _person_id(request: web.Request) -> int:
    return int(request.match_info["id"]) if request.match_info["id"].isdecimal() else 0


def _read_refusal(body: Params) -> Refusal | None:
    if not body.integer("error_code"):
        return None
    parameters = body.json("parameters", "parameters")
    given = parameters if isinstance(parameters, dict) else {}
    return Refusal(body.integer("error_code"), body.text("description"), given)
