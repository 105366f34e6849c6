"""Raw updates of every kind, as Telegram sends them; what is mutated begins here."""

from typing import Any

Json = dict[str, Any]

ALICE, OLGA, LENA, DANA = 1001, 9001, 1004, 5005
"""An employee, the owner, somebody who has left, a stranger."""


def write_user(account: int) -> Json:
    """An account."""
    return {"id": account, "is_bot": False, "first_name": "Name", "username": f"user{account}", "language_code": "en"}


def write_message(account: int, **content: Any) -> Json:
    """A message in the private chat of an account."""
    chat = {"id": account, "type": "private", "first_name": "Name"}
    return {"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": write_user(account), **content}


def write_tap(account: int, data: str, **more: Any) -> Json:
    """A tap on a button of the bot's."""
    button = {"text": "Button", "callback_data": data}
    keyboard = {"inline_keyboard": [[button]]}
    below = {**write_message(account, text="Screen", reply_markup=keyboard), "from": _BOT}
    tap = {"id": "1", "from": write_user(account), "chat_instance": "7", "data": data, "message": below, **more}
    return {"callback_query": tap}


_BOT = {"id": 4242, "is_bot": True, "first_name": "Bot", "username": "shift_playground_bot"}
_FILE = {"file_id": "x", "file_unique_id": "y", "file_size": 10}
_PICTURE = {**_FILE, "width": 9, "height": 9}
_GROUP = {"id": -1_001_234, "type": "supergroup", "title": "Team"}
_CHANNEL = {"id": -1_009_999, "type": "channel", "title": "News", "username": "news"}
_PLACE = {"latitude": 40.7, "longitude": -74.0}
_ANSWERS = [{"text": "yes", "voter_count": 0}, {"text": "no", "voter_count": 1}]
_POLL = {
    "id": "5", "question": "?", "options": _ANSWERS, "total_voter_count": 1, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip
_STICKER = {**_PICTURE, "type": "regular", "is_animated": False, "is_video": False}
_COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]


def _list_contents() -> list[Json]:
    when = {"date": 1_790_000_000}
    return [
        {"text": "hello"},
        {"text": "500"},
        {"text": "8:30 pm"},
        {"text": "/start", "entities": _COMMAND},
        {"text": "/start abcdefghijklmnopqrstuv", "entities": _COMMAND},
        *({"text": f"/{name}"} for name in ("shift", "edit", "stats", "ranks", "history", "balance", "help", "cancel")),
        {"text": "/admin"},
        {"photo": [_PICTURE, _PICTURE], "caption": "/shift", "caption_entities": _COMMAND},
        {"sticker": _STICKER},
        {"voice": {**_FILE, "duration": 3}},
        {"document": {**_FILE, "file_name": "a.pdf", "mime_type": "application/pdf"}, "caption": "500"},
        {"contact": {"phone_number": "+1", "first_name": "A", "user_id": 5}},
        {"location": _PLACE},
        {"venue": {"location": _PLACE, "title": "Office", "address": "Street"}},
        {"poll": _POLL},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"text": "500", "forward_origin": {"type": "hidden_user", "sender_user_name": "Bob", **when}},
        {"text": "500", "forward_origin": {"type": "user", "sender_user": write_user(5), **when}},
        {"text": "500", "forward_origin": {"type": "channel", "chat": _CHANNEL, "message_id": 3, **when}},
        {"text": "500", "via_bot": _BOT},
        {"text": "500", "reply_to_message": write_message(ALICE, text="How much?")},
        {"text": "500", "quote": {"text": "How", "position": 0}},
        {"text": "/shift", "chat": _GROUP},
        {"text": "/shift", "chat": _GROUP, "sender_chat": _GROUP},
        {"new_chat_members": [_BOT], "chat": _GROUP},
        {"migrate_to_chat_id": -1_005, "chat": {"id": -5, "type": "group", "title": "Team"}},
        {"web_app_data": {"data": "{}", "button_text": "Open"}},
    ]


def _list_taps() -> list[Json]:
    data = (
        "m:main", "m:shift", "m:start_now", "m:finish_now", "m:edit", "m:stats", "m:ranks", "m:history", "m:balance",
        "m:admin", "f:AAAAAAAA:0:d:1", "f:AAAAAAAA:0:t:9", "f:AAAAAAAA:0:f:", "r:1:r", "r:1:w", "e:1", "x:1:0", "x:1:1",
        "h:0", "h:1", "ask", "inv", "j:AAAAAA:AAAAAAAAAAAA:1:0", "j:AAAAAA:AAAAAAAAAAAA:0:1", "nonsense",
    )  # fmt: skip
    taps = [write_tap(account, one) for one in data for account in (ALICE, OLGA)]
    too_old = {"chat": write_message(ALICE)["chat"], "message_id": 7, "date": 0}
    return [
        *taps,
        *(write_tap(account, one) for one in ("m:main", "ask", "r:1:r") for account in (LENA, DANA)),
        write_tap(ALICE, "m:main", message=too_old),
        write_tap(ALICE, "m:main", inline_message_id="9"),
    ]


def _list_others() -> list[Json]:
    member = {"user": _BOT, "status": "member"}
    change = {"chat": write_message(ALICE)["chat"], "from": write_user(ALICE), "date": 1_790_000_000}
    query = {"id": "1", "from": write_user(ALICE)}
    post = {"message_id": 3, "date": 1_790_000_000, "chat": _CHANNEL, "sender_chat": _CHANNEL, "text": "/shift"}
    return [
        {"my_chat_member": {**change, "old_chat_member": member, "new_chat_member": {**member, "status": "left"}}},
        {"chat_member": {**change, "chat": _GROUP, "old_chat_member": member, "new_chat_member": member}},
        {"inline_query": {**query, "query": "shift", "offset": ""}},
        {"chosen_inline_result": {"result_id": "1", "from": write_user(ALICE), "query": "shift"}},
        {"channel_post": post},
        {"edited_channel_post": {**post, "edit_date": 1_790_000_001}},
        {"poll": _POLL},
        {"poll_answer": {"poll_id": "5", "user": write_user(ALICE), "option_ids": [0]}},
        {"pre_checkout_query": {**query, "currency": "USD", "total_amount": 1, "invoice_payload": "x"}},
        {"chat_join_request": {**change, "chat": _GROUP, "user_chat_id": ALICE}},
        {"message_reaction": {**change, "message_id": 3, "user": write_user(ALICE), "old_reaction": [],
                              "new_reaction": [{"type": "emoji", "emoji": "👍"}]}},
        {"business_message": write_message(ALICE, text="/shift", business_connection_id="1")},
        {"something_new": {"from": write_user(ALICE), "text": "/shift"}},
    ]  # fmt: skip


def list_updates() -> list[Json]:
    """Updates of every kind, without an `update_id`."""
    contents = _list_contents()
    messages = [{"message": write_message(who, **content)} for who in (ALICE, OLGA, LENA, DANA) for content in contents]
    edited = [{"edited_message": write_message(ALICE, edit_date=1_790_000_001, **content)} for content in contents]
    return [*messages, *edited, *_list_taps(), *_list_others()]
