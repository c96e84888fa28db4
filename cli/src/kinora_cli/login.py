"""Signing the command line in to a platform, by OAuth's device grant (RFC 8628)."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from kinora_cli import state

CLIENT_ID = "kinora-cli"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_WAIT = {"authorization_pending": 0, "slow_down": 5}  # seconds more between polls
_SPARE_S = 30  # a token that expires so soon is renewed


class LoginFailed(RuntimeError):
    """The platform refused, or nobody answered."""


@dataclass(frozen=True)
class Login:
    """What is kept between two commands. `expires_at`: Unix seconds of the access token."""

    url: str
    access_token: str
    refresh_token: str
    expires_at: float


def login_file() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "kinora" / "login.json"


def log_in(url: str, show: Callable[[str, str], None], *, sleep: Callable[[float], None] = time.sleep) -> Login:
    """Calls `show` with the address to open and the code to type, and waits for the answer. Raises LoginFailed."""
    started = _post(url, "/oauth/device_authorization", {"client_id": CLIENT_ID})
    if "device_code" not in started:
        raise LoginFailed(_why(started))
    show(started["verification_uri"], started["user_code"])
    interval, until = float(started["interval"]), time.monotonic() + float(started["expires_in"])
    asked = {"grant_type": _DEVICE_GRANT, "device_code": started["device_code"], "client_id": CLIENT_ID}
    while time.monotonic() < until:
        sleep(interval)
        answer = _post(url, "/oauth/token", asked)
        if "access_token" in answer:
            return _keep(url, answer)
        if answer.get("error") not in _WAIT:
            raise LoginFailed(_why(answer))
        interval += _WAIT[answer["error"]]
    raise LoginFailed("nobody answered in time; start again")


def current() -> Login | None:
    """The kept login, with an access token that works for a while yet; None when there is none. Raises LoginFailed when it has ended."""
    with _locked():  # a refresh token is for one use: two commands at once must not both use it
        kept = _read()
        if kept is None or kept.expires_at > time.time() + _SPARE_S:
            return kept
        renewed = _post(
            kept.url, "/oauth/token", {"grant_type": "refresh_token", "refresh_token": kept.refresh_token, "client_id": CLIENT_ID}
        )
        if "access_token" not in renewed:
            raise LoginFailed(f"{_why(renewed)} (`kinora login {kept.url}`)")
        return _keep(kept.url, renewed)


def log_out() -> bool:
    """Ends the session and forgets it. False when there was none."""
    kept = _read()
    if kept is None:
        return False
    _post(kept.url, "/oauth/revoke", {"token": kept.refresh_token, "client_id": CLIENT_ID})
    login_file().unlink(missing_ok=True)
    return True


def _post(url: str, path: str, fields: dict[str, str]) -> dict[str, Any]:
    try:
        answer = httpx.post(url + path, data=fields, timeout=30).json()
    except (httpx.HTTPError, ValueError) as error:
        raise LoginFailed(f"{url} does not answer as a Kinora does: {error}") from error
    return dict(answer)


def _why(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    return str(error.get("message") if isinstance(error, dict) else answer.get("error_description") or error)


def _keep(url: str, tokens: dict[str, Any]) -> Login:
    kept = Login(url, tokens["access_token"], tokens["refresh_token"], time.time() + float(tokens["expires_in"]))
    state.private(login_file(), json.dumps(asdict(kept)))
    return kept


def _read() -> Login | None:
    try:
        return Login(**json.loads(login_file().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise LoginFailed(f"{login_file()} cannot be read; delete it and log in again") from error


@contextmanager
def _locked() -> Iterator[None]:
    if not login_file().exists():
        yield
        return
    with login_file().with_name("login.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
