#!/usr/bin/python3
"""Stands in for systemctl in a root without systemd as process 1: starts a unit as the unit says, and nothing else.

Understands what deploy/install.sh asks. A service gets its account, directory, environment, credentials and a socket
for its words, is up with READY=1, and is started again as Restart and RestartPreventExitStatus say.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

STATE = Path("/run/stand-in")
UNITS = Path("/etc/systemd/system")
STOP_SECONDS = 40


def main(arguments: list[str]) -> int:
    """As systemctl: what it prints, and its exit status."""
    options = [one for one in arguments if one.startswith("-")]
    command, *units = [one for one in arguments if not one.startswith("-")]
    STATE.mkdir(exist_ok=True)
    if command in ("enable", "disable", "is-enabled"):
        offline = {**os.environ, "SYSTEMD_OFFLINE": "1"}
        return subprocess.run(["/usr/bin/systemctl", *options, command, *units], check=False, env=offline).returncode
    if command in ("daemon-reload", "reset-failed"):
        return 0
    (unit,) = units
    if unit.startswith("postgresql@"):
        version, cluster = unit.removeprefix("postgresql@").removesuffix(".service").split("-")
        return subprocess.run(["pg_ctlcluster", version, cluster, command], check=False).returncode
    if command == "show":
        print(get_state(unit).get("text", ""))
        return 0
    if command == "is-active":
        print(get_state(unit)["state"])
        return 0 if get_state(unit)["state"] == "active" else 3
    if command in ("stop", "restart"):
        stop(unit)
    if command in ("start", "restart"):
        start(unit)
    return 0


def get_state(unit: str) -> dict[str, str]:
    """The state that was last written down."""
    with contextlib.suppress(FileNotFoundError):
        return dict(json.loads((STATE / unit).read_text()))
    return {"state": "inactive"}


def put_state(unit: str, state: str, **more: str) -> None:
    """Write the state down, whole."""
    new = STATE / f".{unit}.new"
    new.write_text(json.dumps({"state": state, "keeper": str(os.getpid()), **more}))
    new.replace(STATE / unit)


def stop(unit: str) -> None:
    """End the one who keeps it running, who ends it."""
    found = get_state(unit)
    if unit.endswith(".timer"):
        (STATE / unit).write_text(json.dumps({"state": "inactive"}))
    elif found["state"] in ("active", "activating") and "keeper" in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(found["keeper"]), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while get_state(unit)["state"] != "inactive" and time.monotonic() < deadline:
            time.sleep(0.05)


def start(unit: str) -> None:
    """Leave a process behind that keeps the unit running."""
    if get_state(unit)["state"] in ("active", "activating"):
        return
    if unit.endswith(".timer"):
        (STATE / unit).write_text(json.dumps({"state": "active"}))
        return
    (STATE / unit).write_text(json.dumps({"state": "activating"}))
    if os.fork() == 0:
        os.setsid()
        log = os.open(STATE / f"{unit}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, source in ((0, nothing), (1, log), (2, log)):
            os.dup2(source, number)
        os.closerange(3, 1024)
        keep(unit)
        os._exit(0)


def keep(unit: str) -> None:
    """Run the unit until told to stop, or until it may not be started again."""
    told = read_unit(unit)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    process = None
    try:
        while True:
            put_state(unit, "activating")
            listener, address = listen(unit, told)
            process = spawn(unit, told, address)
            status = watch(unit, process, listener)
            listener.close()
            if str(status) in told.get("RestartPreventExitStatus", [""])[-1].split() or "Restart" not in told:
                put_state(unit, "failed", status=str(status))
                return
            time.sleep(0.5)
    finally:
        if get_state(unit)["state"] != "failed":
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait()
            put_state(unit, "inactive")


def read_unit(unit: str) -> dict[str, list[str]]:
    """The settings of its section Service, each as often as it is there."""
    told: dict[str, list[str]] = {}
    for path in (UNITS / unit, *sorted((UNITS / f"{unit}.d").glob("*.conf"))):
        for line in path.read_text().split("[Service]")[1].split("\n[")[0].splitlines():
            name, equals, value = line.partition("=")
            if equals and not line.startswith("#"):
                told.setdefault(name, []).append(value)
    return told


def listen(unit: str, told: dict[str, list[str]]) -> tuple[socket.socket, str]:
    """A socket for what the service says."""
    address = f"/run/stand-in/{unit}.notify"
    Path(address).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(address)
    Path(address).chmod(0o666)
    STATE.chmod(0o755)
    listener.settimeout(0.1)
    return listener, address


def spawn(unit: str, told: dict[str, list[str]], address: str) -> "subprocess.Popen[bytes]":
    """The service as its account, with its credentials and nothing of our environment."""
    account = pwd.getpwnam(told["User"][-1])
    credentials = Path("/run/credentials", unit)
    credentials.mkdir(parents=True, exist_ok=True)
    for one in told.get("LoadCredential", []):
        name, _, source = one.partition(":")
        shutil.copyfile(source, credentials / name)
        os.chown(credentials / name, account.pw_uid, account.pw_gid)
        (credentials / name).chmod(0o400)
    environment = dict(pair.split("=", 1) for line in told.get("Environment", []) for pair in line.split())
    environment |= {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8", "HOME": account.pw_dir,
        "CREDENTIALS_DIRECTORY": str(credentials), "NOTIFY_SOCKET": address,
    }  # fmt: skip
    if "WatchdogSec" in told:
        environment["WATCHDOG_USEC"] = str(int(told["WatchdogSec"][-1]) * 1_000_000)
    return subprocess.Popen(
        told["ExecStart"][-1].split(), cwd=told["WorkingDirectory"][-1], env=environment,
        user=account.pw_uid, group=account.pw_gid, extra_groups=[], umask=0o077,
    )  # fmt: skip


def watch(unit: str, process: "subprocess.Popen[bytes]", listener: socket.socket) -> int:
    """Until it ends; its exit status. With READY=1 it is up."""
    is_up = False
    while process.poll() is None:
        with contextlib.suppress(TimeoutError):
            words = dict(word.split("=", 1) for word in listener.recv(4096).decode().split("\n"))
            is_up = is_up or "READY" in words
            put_state(unit, "active" if is_up else "activating", text=words.get("STATUS", ""))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
