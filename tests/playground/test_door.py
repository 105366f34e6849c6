"""Who may open the playground: this computer only, and the token stays inside."""

from __future__ import annotations

import subprocess
import sys

import pytest
from aiohttp import ClientSession

from playground import Profile, start_playground
from playground.client import Emulator, Person, run_emulator


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.5:8090", "127.0.0.1.evil.example"])
async def test_other_host_names_are_refused(emulator: Emulator, host: str) -> None:
    async with ClientSession(emulator.api_url, headers={"Host": host}) as session:
        for path in ("/", "/emulator/people", f"/bot{emulator.token}/getMe"):
            async with session.get(path) as response:
                assert response.status == 403


async def test_other_sites_cannot_act_as_a_person(emulator: Emulator, alice: Person) -> None:
    url = f"{emulator.api_url}/emulator/people/{alice.id}/text"
    async with ClientSession() as session:
        async with session.post(url, json={"text": "x"}, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
        async with session.post(url, data='{"text": "x"}', headers={"Content-Type": "text/plain"}) as response:
            assert response.status == 400
    assert not (await emulator.get(f"/people/{alice.id}"))["messages"]


async def test_the_page_never_shows_the_token() -> None:
    with run_emulator("4242:canary") as emulator:
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start", wait=False)
        paths = ["/", "/page/app.js", "/page/style.css", "/emulator/people", f"/emulator/people/{alice.id}"]
        async with ClientSession(emulator.api_url) as session:
            for path in [*paths, "/emulator/events?after=0", "/emulator/counters"]:
                async with session.get(path) as response:
                    assert (response.status, "canary" in await response.text()) == (200, False)


async def test_it_runs_inside_another_program_on_a_free_port() -> None:
    playground = await start_playground("127.0.0.1", 0, "7:secret", [Profile(1001, "Alice", label="employee")])
    try:
        async with ClientSession() as session:
            async with session.get(f"{playground.api_url}/emulator/people") as response:
                (person,) = (await response.json())["people"]
            async with session.get(playground.page_url) as response:
                assert "secret" not in await response.text()
        assert (person["id"], person["first_name"], person["label"]) == (1001, "Alice", "employee")
    finally:
        await playground.close()


@pytest.mark.parametrize("host", ["192.168.1.2", "8.8.8.8", "::"])
async def test_it_never_listens_to_the_network(host: str) -> None:
    with pytest.raises(ValueError, match="an address of this machine only"):
        await start_playground(host, 0, "7:secret")


def test_it_runs_alone_and_names_its_addresses() -> None:
    command = [sys.executable, "-m", "playground", "--port", "0", "--user", "1001:Alice:en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        process.terminate()
    assert lines[0].startswith("Open http://127.0.0.1:")
    assert "TELEGRAM_API_URL=http://127.0.0.1:" in lines[1]
