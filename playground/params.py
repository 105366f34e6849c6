"""The arguments of a Bot API call: form-encoded, multipart, JSON or in the address, all read alike."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from playground.errors import ApiError, bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    file_name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """Arguments by name, as text; uploaded files by the name of their part."""

    values: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The argument, "" where it is missing."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """The argument as a number; what is no number counts as missing, as on the real server."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def number(self, name: str, default: float = 0.0) -> float:
        """The argument as a number that may have decimals."""
        try:
            return float(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """True for true, yes and 1."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str) -> object:
        """The argument decoded from JSON, None where it is missing; `what` names it in the refusal."""
        if not self.text(name):
            return None
        try:
            decoded: object = json.loads(self.text(name))
        except ValueError as error:
            raise ApiError(bad_request(f"can't parse {what} JSON object")) from error
        return decoded

    def upload(self, name: str) -> Upload | None:
        """The file given for `name`: a part of that name, or the part that `attach://…` points at."""
        return self.find_attached(self.text(name)) or self.uploads.get(name)

    def find_attached(self, reference: str) -> Upload | None:
        """The uploaded part that an `attach://<part>` reference names."""
        return self.uploads.get(reference.removeprefix("attach://")) if reference.startswith("attach://") else None


async def read_params(request: web.Request) -> Params:
    """All arguments of a request; those of the body win over those of the address."""
    values = dict(request.query)
    if request.method != "POST":
        return Params(values)
    if request.content_type == "application/json":
        return Params({**values, **await _read_json(request)})
    if request.content_type == "multipart/form-data":
        parts, uploads = await _read_multipart(request)
        return Params({**values, **parts}, uploads)
    form = await request.post()
    return Params({**values, **{name: value for name, value in form.items() if isinstance(value, str)}})


async def _read_json(request: web.Request) -> dict[str, str]:
    try:
        decoded: object = json.loads(await request.text() or "{}")
    except ValueError as error:
        raise ApiError(bad_request("can't parse JSON object")) from error
    if not isinstance(decoded, dict):
        raise ApiError(bad_request("object expected"))
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in decoded.items()}


async def _read_multipart(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    values: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        if part.filename is None:
            values[part.name] = content.decode("utf-8", "replace")
        else:
            # The real server goes by the name too: clients send application/octet-stream for everything.
            mime_type = mimetypes.guess_type(part.filename)[0] or "application/octet-stream"
            uploads[part.name] = Upload(part.filename, mime_type, content)
    return values, uploads
