"""`python -m deploy.health`: whether the bot on this machine is well, as its `/health` says; what is wrong, if not."""

import json
import sys
from http.client import HTTPConnection, HTTPException

from config import Config, ConfigError
from program import run

PATIENCE_SECONDS = 10.0


def find_problem(config: Config) -> str | None:
    """What is wrong; None where all is well, or where nothing listens because HEALTH_LISTEN is off."""
    address = config.health_address
    if address is None:
        return None
    connection = HTTPConnection(address.host, address.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        report = json.loads(answer.read())
    except (OSError, HTTPException, ValueError) as error:
        return f"/health at {address} does not answer ({type(error).__name__})"
    finally:
        connection.close()
    return None if answer.status == 200 else "; ".join(report["problems"])


def main() -> int:
    """The exit status: 0 where it is well."""
    try:
        problem = find_problem(Config.load())
    except ConfigError as error:
        problem = str(error)
    if problem is not None:
        sys.stdout.write(f"{problem}\n")
    return 0 if problem is None else 1


if __name__ == "__main__":
    run(main)
