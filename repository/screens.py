"""Screens: the one message of each private chat that carries the live keyboard."""

from repository.database import Database


class Screens:
    """The door to screens, by chat id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, chat_id: int) -> int | None:
        """Id of the chat's live message, None where there is none yet."""
        row = self._database.fetch_one("select_screen", {"chat_id": chat_id})
        return int(row[0]) if row else None

    def put(self, chat_id: int, message_id: int) -> None:
        """Make a message the chat's live one."""
        self._database.execute("upsert_screen", {"chat_id": chat_id, "message_id": message_id})

    def forget(self, chat_id: int, message_id: int) -> None:
        """A message stays as a record: it is the live one no longer, if it was."""
        self._database.execute("delete_screen", {"chat_id": chat_id, "message_id": message_id})
