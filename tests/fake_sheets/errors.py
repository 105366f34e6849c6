"""Errors as the API answers them."""

from collections.abc import Mapping
from typing import Any

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_MESSAGES = {
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


class ApiError(Exception):
    """An error answer: its HTTP status and its body."""

    def __init__(self, code: int, message: str | None = None, details: list[Mapping[str, Any]] | None = None) -> None:
        super().__init__(message or _MESSAGES[code])
        self.code = code
        self.details = details

    def render(self) -> dict[str, Any]:
        """The body."""
        error: dict[str, Any] = {"code": self.code, "message": str(self), "status": _STATUSES[self.code]}
        if self.details is not None:
            error["details"] = self.details
        return {"error": error}


def quota_exceeded(what: str, limit: int) -> ApiError:
    """429 for `Read requests` or `Write requests`."""
    metric = what.split(" ", maxsplit=1)[0].lower()
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{what}' and limit '{what} per minute per user' of service "
        "'sheets.googleapis.com' for consumer 'project_number:123456789012'.",
        [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": "projects/123456789012",
                    "quota_limit": f"{what.split(maxsplit=1)[0]}RequestsPerMinutePerUser",
                    "quota_limit_value": str(limit),
                    "quota_metric": f"sheets.googleapis.com/{metric}_requests",
                    "service": "sheets.googleapis.com",
                },
            }
        ],
    )
