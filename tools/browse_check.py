"""Drops files on /check in a real browser, wide and narrow, and keeps a picture of each answer.

    uv venv /tmp/browse && uv pip install --python /tmp/browse playwright && apt-get install -y chromium
    /tmp/browse/bin/python tools/browse_check.py http://localhost:8000 /tmp/pictures film.mp4 copy.mp4 …

Playwright is not among our dependencies.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

URL, PICTURES, FILES = sys.argv[1], Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]]
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 360, "height": 740}}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda said: print("console:", said.text))
        page.goto(f"{URL}/check")
        for file in FILES:
            page.set_input_files("#file", file)
            page.click("button:has-text('Check it')")
            page.screenshot(path=PICTURES / f"{file.stem}_working.png")
            page.wait_for_selector("#result:not([hidden]), #complaint:not(:empty)", timeout=120_000)
            print(file.name, "·", page.inner_text("#verdict"), "·", page.inner_text("#complaint"))
            for name, size in SIZES.items():
                page.set_viewport_size(size)
                page.screenshot(path=PICTURES / f"{file.stem}_{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
