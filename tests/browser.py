"""A real Chromium the size of a phone: finds it, has it installed where that is possible, and opens pages in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, async_playwright

PHONE = {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # as root, Chromium starts in no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--disable-dev-shm-usage",  # a container's /dev/shm is often too small for a page
)
MISSING = (
    "Không thấy Chromium: hãy cài (Debian/Ubuntu: apt install chromium) hoặc chỉ rõ bằng CHROMIUM=/đường/dẫn. / "
    "No Chromium was found: install it (apt install chromium) or name it with CHROMIUM=/path."
)


class NoChromium(RuntimeError):
    """There is no browser to test the pages with; the text says what to install."""


def find_chromium() -> Path:
    """The browser named by $CHROMIUM, else the first one on the PATH; raises NoChromium."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoChromium(MISSING)
    return Path(found)


def install_chromium() -> bool:
    """By the system's package manager, which takes root. True if there is a browser now."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print("→ Cài Chromium để thử trang / Installing Chromium to test the pages", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return shutil.which("chromium") is not None


@asynccontextmanager
async def phone(**options: object) -> AsyncIterator[BrowserContext]:
    """A fresh browser profile on a phone-sized screen; `options` go to Playwright's `new_context`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "vi-VN"}
        context = await browser.new_context(**{**settings, **options})  # type: ignore[arg-type]  # options as given
        try:
            yield context
        finally:
            await browser.close()


def main() -> None:
    """Before the tests: have a browser if that can be. Without one, its tests fail and say what to install."""
    try:
        find_chromium()
    except NoChromium as missing:
        if os.environ.get("CHROMIUM") or not install_chromium():
            print(missing, file=sys.stderr)


if __name__ == "__main__":
    main()
