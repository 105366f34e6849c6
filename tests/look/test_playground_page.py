"""The playground in a real browser: `make look`. Pictures of it are left in `.look`."""

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.bot.processes import find_free_port

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / ".look"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 20.0
DAY_IS_CLEAR = """[...document.querySelectorAll('.day')].every((day) => {
  const { top, bottom } = day.getBoundingClientRect();
  const isOver = [...document.querySelectorAll('.message')].some((message) => {
    const box = message.getBoundingClientRect();
    return box.top < bottom - 1 && box.bottom > top + 1;
  });
  return !isOver || getComputedStyle(day).opacity === '0';
})"""
"""No day that is seen lies over a message."""
QUESTION_IS_SEEN = """(() => {
  const log = document.querySelector('#log').getBoundingClientRect();
  const last = [...document.querySelectorAll('.message')].pop();
  const stamp = last.querySelector('.stamp').getBoundingClientRect();
  const keys = [...last.querySelectorAll('.key')];
  const isIn = (box) => box.top >= log.top - 1 && box.bottom <= log.bottom + 1;
  return keys.length > 0 && isIn(stamp) && isIn(keys[keys.length - 1].getBoundingClientRect());
})()"""
"""The last line of the newest message and the last of its buttons."""


@contextlib.contextmanager
def open_playground(data_dir: Path, port: int) -> Iterator[str]:
    """`python -m bot` with nothing configured, and where it says that its page is."""
    environ = {**os.environ, "PLAYGROUND_PORT": str(port), "DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "bot"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as bot:
        assert bot.stdout is not None
        yield next(found[0] for line in bot.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+\S*", line)))
        bot.terminate()
        bot.stdout.read()


@pytest.fixture
def page_url(run_dir: Path) -> Iterator[str]:
    """Where the playground is, on sample data that the tests here share."""
    with open_playground(run_dir / "look", find_free_port()) as url:
        yield url


@pytest.fixture
def browser(run_dir: Path) -> Iterator[webdriver.Chrome]:
    """Headless Chromium, the size of a laptop."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*FLAGS, "--window-size=1280,1000", f"--user-data-dir={run_dir / 'chromium'}"):
        options.add_argument(flag)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    yield chrome
    chrome.quit()


class Page:
    """The page as somebody uses it: finds buttons by their text, in the newest message that has them."""

    def __init__(self, browser: webdriver.Chrome) -> None:
        self._browser = browser
        # The page may draw a message anew between finding something in it and using it.
        self._wait = WebDriverWait(browser, PATIENCE, ignored_exceptions=[WebDriverException])

    def open(self, url: str) -> None:
        self._browser.get(url)

    def tap(self, text: str) -> None:
        """The newest button that reads `text`; `Yesterday…` is the one that begins so."""
        reads = f"starts-with(normalize-space(),'{text[:-1]}')" if text.endswith("…") else f"normalize-space()='{text}'"
        self._click((By.XPATH, f"(//button[contains(@class,'key')][{reads}])[last()]"))

    def press(self, testid: str) -> None:
        self._click((By.CSS_SELECTOR, f"[data-testid={testid}]"))

    def type(self, text: str) -> None:
        self._browser.find_element(By.CSS_SELECTOR, "[data-testid=text]").send_keys(text)
        self.press("send")

    def wait_for(self, text: str) -> str:
        """The newest message with this text."""

        def find(chrome: webdriver.Chrome) -> str | None:
            messages = [one.text for one in chrome.find_elements(By.CSS_SELECTOR, "[data-testid=bot-message]")]
            return next((message for message in reversed(messages) if text in message), None)

        return str(self._wait.until(find))

    def resize(self, width: int, height: int) -> None:
        self._browser.set_window_size(width, height)
        # What the window's own frame takes.
        inner = self._browser.execute_script("return [innerWidth, innerHeight]")
        self._browser.set_window_size(2 * width - inner[0], 2 * height - inner[1])

    def key(self, text: str) -> None:
        """Press keys, wherever the focus is."""
        ActionChains(self._browser).send_keys(text).perform()

    def wait_until(self, script: str) -> None:
        """Until an expression of JavaScript holds."""
        self._wait.until(lambda chrome: chrome.execute_script(f"return Boolean({script})"))

    def read(self, selector: str) -> str:
        """The text of the first element that fits, once there is any to see."""

        def find(chrome: webdriver.Chrome) -> str:
            found = chrome.find_elements(By.CSS_SELECTOR, selector)
            return next((one.text for one in found if one.is_displayed()), "")

        return str(self._wait.until(find))

    def picture(self, name: str) -> None:
        self._wait.until(lambda chrome: not chrome.find_element(By.CSS_SELECTOR, "[data-testid=toast]").is_displayed())
        time.sleep(0.5)  # what slides in has arrived
        self._browser.save_screenshot(str(PICTURES / f"{name}.png"))

    def _click(self, place: tuple[str, str]) -> None:
        def click(chrome: webdriver.Chrome) -> bool:
            chrome.find_element(*place).click()
            return True

        self._wait.until(click)


def test_somebody_logs_a_shift_by_tapping_and_reads_what_they_earned(browser: webdriver.Chrome, page_url: str) -> None:
    page = Page(browser)
    page.open(f"{page_url.rstrip('/')}/#1001")
    page.press("start")
    for button in ("Create shift", "Yesterday…", "9 AM", "5 PM", "Model A"):
        page.tap(button)
    page.wait_for("How much did you sell on Model A?")
    page.type("500")
    page.tap("Save shift")
    receipt = page.wait_for("You made")
    page.picture("receipt")
    assert "160.00" in receipt
    page.tap("Why?")
    assert "= $160.00" in page.wait_for("step by step")
    page.picture("why")


def test_whoever_tapped_can_type_at_once_and_no_day_lies_over_what_they_read(
    browser: webdriver.Chrome, page_url: str
) -> None:
    page = Page(browser)
    page.resize(1280, 800)
    page.open(f"{page_url.rstrip('/')}/#1002")
    page.press("start")
    for button in ("Create shift", "Yesterday"):
        page.tap(button)
    page.wait_for("What time did it start?")
    page.key("8:30\n")
    page.wait_for("What time did it end?")
    page.key("12:45\n")
    page.wait_for("Which model did you sell?")
    page.key("/cancel\n")
    page.wait_for("What would you like to do?")
    page.wait_until(DAY_IS_CLEAR)
    page.picture("typed")


def test_beside_the_chat_stands_what_to_try_whose_clock_it_is_and_how_to_start_over(
    browser: webdriver.Chrome, page_url: str
) -> None:
    page = Page(browser)
    page.resize(1280, 800)
    page.open(page_url)
    page.wait_until("document.querySelector('aside.try li')")
    beside = page.read("aside.try")
    for said in ("Log a night shift", "Reach Shark", "Close the period", "America/New_York", "make run RESET=1"):
        assert said in beside
    assert re.fullmatch(r"[A-Z][a-z]{2} \d\d:\d\d in New York", page.read("#bot-state"))
    page.press("be")
    page.wait_until("document.querySelector('#me').textContent.startsWith('Chen')")
    page.picture("desktop")
    page.resize(500, 844)
    page.press("help")
    assert "make run RESET=1" in page.read("dialog.guide")
    page.picture("guide")


def test_where_there_is_little_height_the_question_stays_in_sight_above_its_buttons(
    browser: webdriver.Chrome, page_url: str
) -> None:
    page = Page(browser)
    page.resize(500, 480)
    page.open(f"{page_url.rstrip('/')}/#1003")
    page.press("start")
    for button in ("Create shift", "Yesterday"):
        page.tap(button)
        page.wait_until(QUESTION_IS_SEEN)
    page.resize(500, 360)
    page.wait_until(QUESTION_IS_SEEN)
    page.picture("little-height")


def test_a_page_that_stays_open_is_answered_from_the_first_tap_on_at_each_start(
    browser: webdriver.Chrome, run_dir: Path
) -> None:
    page, port = Page(browser), find_free_port()
    for start in range(3):
        with open_playground(run_dir / "kept", port) as url:
            if start == 0:
                page.open(f"{url.rstrip('/')}/#1001")
            page.press("start")
            page.wait_for("Hi, Alice! What would you like to do?")
            page.tap("🏆 Ranks")
            page.wait_for("Chatting God")
    page.picture("third-start")
