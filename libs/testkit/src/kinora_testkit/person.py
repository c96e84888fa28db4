"""Somebody who came by an invite and talks to the gateway alone."""

import io
import re
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image, ImageDraw

from kinora_testkit.network import Network, eventually

PASSWORD = "three wombats under a lamp"  # noqa: S105 - of accounts that live for a test


class Person:
    """Signs up by an invite, confirms by the mailed link, signs in and steps up; `handle` begins with `name`."""

    def __init__(self, network: Network, name: str, *, invite: str = "", birth_date: str = "1990-05-17") -> None:
        self.network, self.handle = network, f"{name}_{uuid4().hex[:8]}"
        self.email = f"{self.handle}@example.org"
        self.http = httpx.Client(base_url=network.url, timeout=60)
        code = invite or operator(network).post("/api/invites", json={"count": 1}).json()["data"][0]["code"]
        wanted = {"handle": self.handle, "email": self.email, "birth_date": birth_date, "password": PASSWORD, "invite_code": code}
        self.http.post("/api/sign-up", json=wanted).raise_for_status()
        self.id: str = self.does("POST", "/api/sign-up/confirm", token=self.token("Confirm"))["id"]
        self.does("POST", "/api/sessions", email=self.email, password=PASSWORD)
        self.steps_up()

    def steps_up(self) -> None:
        self.does("POST", "/api/sessions/current/step-up", password=PASSWORD)

    def does(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Raises httpx.HTTPStatusError when it is refused."""
        reply: dict[str, Any] = self.http.request(method, path, json=body or None).raise_for_status().json()
        if token := reply.get("access_token"):
            self.http.headers["authorization"] = f"Bearer {token}"
        return reply

    def token(self, subject: str) -> str:
        """Of the newest mail to them whose subject begins so."""
        eventually(lambda: bool(self._mails(subject)), within=20, what=f"a mail to {self.email}")
        return str(re.findall(r"token=(\w+)", self._mails(subject)[-1])[0])

    def ends(self, video_id: str, *, within: float = 180) -> dict[str, Any]:
        """The video once it is completed or failed."""
        path = f"/v1/videos/{video_id}"
        eventually(lambda: self.does("GET", path)["status"] in {"completed", "failed"}, within=within, what="the video's end")
        return self.does("GET", path)

    def enrols_a_dog(self) -> dict[str, Any]:
        """The cameo "@<handle>.rex", from a drawn picture."""
        png = {"content-type": "image/png"}
        started = self.http.post("/api/cameos/things", params={"kind": "pet"}, content=a_toy_dog(), headers=png).raise_for_status().json()
        self.does("PUT", f"/api/cameos/things/{started['id']}/cut", box=[0.2, 0.15, 0.85, 0.85])
        return self.does("POST", f"/api/cameos/things/{started['id']}", name="rex")

    def lends(self, cameo: dict[str, Any], other: "Person", *, approved: bool = True) -> None:
        """To the people approved, of whom `other` is one or, refused, is not."""
        self.does("PATCH", f"/api/cameos/{cameo['id']}", audience="approved")
        self.does("PUT", f"/api/cameos/{cameo['id']}/people/@{other.handle}", approved=approved)

    def _mails(self, subject: str) -> list[str]:
        files = sorted((self.network.folder / "mails").glob("*.eml"))
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [mail.get_content() for mail in mails if mail["To"] == self.email and mail["Subject"].startswith(subject)]


def a_toy_dog() -> bytes:
    """A brown shape before a pale wall, as PNG."""
    picture = Image.new("RGB", (480, 360), "#d8e0e8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 120, 360, 280), fill="#7a4a20")
    draw.ellipse((290, 70, 390, 170), fill="#8a5a30")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def operator(network: Network) -> httpx.Client:
    """The first operator, by their key."""
    return httpx.Client(base_url=network.url, headers={"authorization": f"Bearer {network.admin_key}"}, timeout=30)
