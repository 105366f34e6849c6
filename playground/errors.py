"""The refusals of the Bot API, with the status codes and sentences of the real server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a Bot API call is refused: HTTP status, description, and `parameters` such as `retry_after` (seconds)."""

    error_code: int
    description: str
    parameters: Mapping[str, object] = field(default_factory=dict)


class ApiError(Exception):
    """A Bot API call is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.description)
        self.refusal = refusal


class PersonError(Exception):
    """A person tried what a person cannot do (an unknown person, no such button); the text says what there is."""


def bad_request(text: str) -> Refusal:
    """A 400 with the real server's prefix; `text` follows "Bad Request: "."""
    return Refusal(400, f"Bad Request: {text}")


def too_many_requests(retry_after: int) -> Refusal:
    """A 429; `retry_after` in whole seconds, also given as a parameter."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


UNAUTHORIZED = Refusal(401, "Unauthorized")
NOT_FOUND = Refusal(404, "Not Found")
METHOD_NOT_FOUND = Refusal(404, "Not Found: method not found")
OTHER_POLLER = Refusal(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_SET = Refusal(409, "Conflict: terminated by setWebhook request")
WEBHOOK_ACTIVE = Refusal(
    409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
BAD_GATEWAY = Refusal(502, "Bad Gateway")
FILE_TOO_BIG = Refusal(413, "Request Entity Too Large")

BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
NOT_STARTED = Refusal(403, "Forbidden: bot can't initiate conversation with a user")

CHAT_NOT_FOUND = bad_request("chat not found")
CHAT_ID_EMPTY = bad_request("chat_id is empty")
NOT_MODIFIED = bad_request(
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
QUERY_TOO_OLD = bad_request("query is too old and response timeout expired or query ID is invalid")
EDIT_NOT_FOUND = bad_request("message to edit not found")
DELETE_NOT_FOUND = bad_request("message to delete not found")
REPLY_NOT_FOUND = bad_request("message to be replied not found")
CANNOT_EDIT = bad_request("message can't be edited")
CANNOT_DELETE = bad_request("message can't be deleted for everyone")
NO_TEXT_TO_EDIT = bad_request("there is no text in the message to edit")
NO_CAPTION_TO_EDIT = bad_request("there is no caption in the message to edit")
TEXT_EMPTY = bad_request("message text is empty")
TEXT_TOO_LONG = bad_request("message is too long")
CAPTION_TOO_LONG = bad_request("message caption is too long")
ANSWER_TOO_LONG = bad_request("MESSAGE_TOO_LONG")
MARKUP_TOO_LONG = bad_request("reply markup is too long")
BUTTON_DATA_INVALID = bad_request("BUTTON_DATA_INVALID")
WRONG_FILE_ID = bad_request("wrong file identifier/HTTP URL specified")
INVALID_FILE_ID = bad_request("invalid file_id")
FILE_EMPTY = bad_request("file must be non-empty")
NO_PHOTO = bad_request("there is no photo in the request")
NO_DOCUMENT = bad_request("there is no document in the request")
NOT_AN_IMAGE = bad_request("IMAGE_PROCESS_FAILED")
PHOTO_DIMENSIONS = bad_request("PHOTO_INVALID_DIMENSIONS")
COMMAND_INVALID = bad_request("BOT_COMMAND_INVALID")
COMMAND_DESCRIPTION_INVALID = bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
WRONG_ACTION = bad_request("wrong parameter action in request")
