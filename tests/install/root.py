"""A fresh Debian in a folder, as a place where deploy/install.sh can be root and leaves nothing on this machine."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LONGEST_SECONDS = 900
# The first process of the folder: it takes in what others leave behind.
_FIRST = "import os, signal\nwhile True:\n    try: os.wait()\n    except ChildProcessError: signal.pause()\n"


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended."""

    status: int
    said: str
    """Both streams."""


class Debian:
    """The folder, with processes of its own that end with it."""

    def __init__(self, folder: Path, first: int) -> None:
        self.folder = folder
        self._first = first

    def run(self, *command: str, stdin: str = "", **environment: str) -> Done:
        """A command as root inside."""
        done = subprocess.run(
            [*self._inside(environment), *command], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout)

    def ask(self, *command: str, **environment: str) -> str:
        """What a command says that has to end well."""
        done = self.run(*command, **environment)
        assert done.status == 0, f"{command}: {done.said}"
        return done.said.strip()

    def sql(self, query: str, database: str = "postgres") -> str:
        """What the server answers to its superuser."""
        return self.ask("runuser", "-u", "postgres", "--", "psql", "-X", "-At", "-d", database, "-c", query)

    @contextlib.contextmanager
    def running(self, *command: str) -> Iterator["subprocess.Popen[str]"]:
        """A command as root inside, ended as by Ctrl-C with the block."""
        process = subprocess.Popen([*self._inside({}), *command], stdout=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            self.run("pkill", "-TERM", "-u", "shiftbot", "-f", "python -m bot")
            process.communicate(timeout=60)

    def read(self, path: str) -> str:
        """A file inside."""
        return (self.folder / path.lstrip("/")).read_text()

    def _inside(self, environment: Mapping[str, str]) -> list[str]:
        given = {"PATH": PATH, "HOME": "/root", "LC_ALL": "C.UTF-8", **_read_pip_settings(), **environment}
        enter = ["nsenter", f"--target={self._first}", "--mount", "--pid", "--ipc", "chroot", str(self.folder)]
        return [*enter, "env", "-i", *(f"{name}={value}" for name, value in given.items())]


def find_missing() -> str | None:
    """What this machine lacks for a Debian in a folder, as a sentence."""
    if os.geteuid() != 0:
        return "make test-install needs root: sudo make test-install"
    for program, package in (("debootstrap", "debootstrap"), ("unshare", "util-linux"), ("nsenter", "util-linux")):
        if shutil.which(program) is None:
            return f"make test-install needs {program}: sudo apt install {package}"
    if subprocess.run(["unshare", "--mount", "--pid", "--ipc", "--fork", "true"], check=False).returncode:
        return "make test-install needs namespaces of its own, which this machine refuses."
    return None


@contextlib.contextmanager
def open_debian(folder: Path, suite: str) -> Iterator[Debian]:
    """A fresh Debian, with the ways to packages that this machine has. What runs in it ends with the block."""
    _bootstrap(folder, suite)
    for name in ("resolv.conf", "hosts"):
        shutil.copyfile(Path("/etc", name), folder / "etc" / name)
    if CERTIFICATES.exists():
        shutil.copyfile(CERTIFICATES, folder / str(CERTIFICATES).lstrip("/"))
    mounts = 'mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" && mount -t tmpfs tmpfs "$0/run"'
    begin = [f'{mounts} && echo begun && exec chroot "$0" /usr/bin/python3 -c "$1"', str(folder), _FIRST]
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child",
         "sh", "-c", *begin],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield Debian(folder, int(children[0]))
    finally:
        process.kill()
        process.communicate()


def _bootstrap(folder: Path, suite: str) -> None:
    cache = os.environ.get("DEBIAN_CACHE", "")
    options = [f"--cache-dir={cache}"] if cache else []
    include = "--include=systemd-sysv,ca-certificates,python3,procps"
    done = subprocess.run(
        ["debootstrap", "--variant=minbase", include, *options, suite, str(folder), *_find_mirror()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env={"PATH": PATH, "HOME": "/root", "LC_ALL": "C.UTF-8", **_read_proxies()},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    if cache:
        archives = folder / "var/cache/apt/archives"
        for package in Path(cache).glob("*.deb"):
            shutil.copy(package, archives)


def _find_mirror() -> list[str]:
    """The address from which this machine has its Debian; without one debootstrap takes its own."""
    places = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    text = "\n".join(path.read_text() for path in places if path.is_file())
    found = re.search(r"(?:^URIs:\s*|^deb\s+(?:\[[^]]*\]\s*)?)(\S+/debian/?)(?:\s|$)", text, re.MULTILINE)
    return [found[1]] if found else []


def _read_proxies() -> dict[str, str]:
    return {name: os.environ[name] for name in ("http_proxy", "https_proxy", "no_proxy") if os.environ.get(name)}


def _read_pip_settings() -> dict[str, str]:
    """From where this machine has its Python packages, and through what."""
    settings = _read_proxies()
    for name in ("index-url", "proxy", "trusted-host"):
        command = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            settings[f"PIP_{name.upper().replace('-', '_')}"] = done.stdout.strip()
    if CERTIFICATES.exists():
        settings["PIP_CERT"] = str(CERTIFICATES)
    return settings
