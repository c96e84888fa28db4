"""Clicks through /account in a real browser, with a virtual authenticator, and keeps a picture of each step.

    KINORA_PUBLIC_URL=http://localhost:8000 make up DETACH=1
    uv venv /tmp/browse && uv pip install --python /tmp/browse playwright && apt-get install -y chromium
    /tmp/browse/bin/python tools/browse_account.py http://localhost:8000 .run /tmp/pictures

Needs a platform whose public address is http://localhost:… and which has no mail server. Playwright is not among our dependencies.
"""

import email
import hmac
import json
import re
import struct
import sys
import time
import urllib.request
from base64 import b32decode
from email import policy
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

URL, STATE, PICTURES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
NAME = f"eve_{int(time.time())}"
EMAIL, PASSWORD, OTHER = f"{NAME}@example.org", "three wombats under a lamp", "nine otters in a bathtub"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def invite() -> str:
    key = (STATE / "first_admin.key").read_text().strip()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    wanted = urllib.request.Request(f"{URL}/api/invites", b'{"count": 1}', headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(wanted) as reply:  # noqa: S310
        return str(json.load(reply)["data"][0]["code"])


def link(address: str, subject: str) -> str:
    """In the newest mail of that subject."""
    for _ in range(100):
        for file in sorted((STATE / "mails").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["To"] == address and mail["Subject"].startswith(subject):
                return str(re.search(r"http\S+token=\S+", mail.get_content())[0])  # type: ignore[index]
        time.sleep(0.1)
    raise TimeoutError(f"no mail to {address}: {subject}")


def code(secret: str) -> str:
    """RFC 6238."""
    mac = hmac.digest(b32decode(secret), struct.pack(">Q", int(time.time() // 30)), "sha1")
    return f"{(struct.unpack_from('>I', mac, mac[-1] & 15)[0] & 0x7FFFFFFF) % 10**6:06}"


class Visit:
    def __init__(self, page: Page) -> None:
        self.page, self.steps = page, 0

    def fill(self, form: str, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"{form} [name={name}]", value)

    def saw(self, words: str, where: str = "#said") -> None:
        """Waits for the words, and keeps a picture."""
        self.page.wait_for_function(
            "([where, words]) => document.querySelector(where)?.textContent.includes(words)", arg=[where, words], timeout=20_000
        )
        self.steps += 1
        self.page.screenshot(path=PICTURES / f"{self.steps:02}_{re.sub('[^a-z]+', '_', words.lower())}.png", full_page=True)
        print(self.steps, words)

    def press(self, words: str) -> None:
        self.page.click(f"button:has-text('{words}'):visible >> nth=0")


def signs_up(visit: Visit) -> None:
    visit.page.goto(f"{URL}/account")
    visit.page.click("summary:has-text('no account')")
    new = {"handle": NAME, "birth_date": "1990-05-17", "email": EMAIL, "password": PASSWORD, "invite_code": invite()}
    visit.fill("[data-call='POST /api/sign-up']", **new)
    visit.press("Sign up")
    visit.saw("We have sent you a mail")
    visit.page.goto(link(EMAIL, "Confirm"))
    visit.press("Open my account")
    visit.saw("is open", "main")


def signs_in(visit: Visit, **fields: str) -> None:
    visit.fill("[data-call='POST /api/sessions']", **fields)
    visit.press("Sign in")


def uses_a_passkey(visit: Visit) -> None:
    visit.fill("[data-run=addPasskey]", name="My laptop")
    visit.press("Add a passkey")
    visit.fill("dialog", password=PASSWORD)
    visit.press("Go on")
    visit.saw("The passkey is added")
    visit.press("Sign out")
    visit.saw("You are signed out")
    visit.press("Sign in by passkey")
    visit.saw(f"@{NAME}", "#home:not([hidden])")


def adds_an_app(visit: Visit) -> list[str]:
    """The recovery codes."""
    visit.press("Add an authenticator app")
    visit.press("Use a passkey")
    visit.page.wait_for_selector("#app-form:not([hidden])")
    visit.fill("#app-form", code=code(visit.page.inner_text("#app-secret").replace(" ", "")))
    visit.press("Confirm")
    visit.saw("The authenticator app counts")
    return visit.page.inner_text("#recovery-codes").split()


def changes_and_leaves(visit: Visit, recovery: list[str]) -> None:
    visit.page.click("summary:has-text('Change name')")
    visit.fill("[data-call='PUT /api/me/password']", password=OTHER)
    visit.press("Change the password")
    visit.saw("The password is changed")
    visit.press("Sign out everywhere")
    visit.saw("You are signed out everywhere")
    signs_in(visit, email=EMAIL, password=OTHER)
    visit.saw("needs a code")
    signs_in(visit, code=recovery[0])
    visit.saw(f"@{NAME}", "#home:not([hidden])")
    visit.page.click("summary:has-text('Take your data')")
    visit.fill("[data-run=erase]", handle=NAME)
    visit.press("Erase my account")
    visit.fill("dialog", code=recovery[1])
    visit.press("Go on")
    visit.saw("Your account is erased")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        devices: Any = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        visit = Visit(page)
        signs_up(visit)
        visit.page.click("a:has-text('Sign in')")
        signs_in(visit, email=EMAIL, password=PASSWORD)
        visit.saw(f"@{NAME}", "#home:not([hidden])")
        uses_a_passkey(visit)
        changes_and_leaves(visit, adds_an_app(visit))
        browser.close()


if __name__ == "__main__":
    main()
