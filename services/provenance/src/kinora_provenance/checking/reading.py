"""The small process that reads a stranger's C2PA manifest: `reading MIME ANCHORS <file >json`.

c2pa-rs is memory-safe; all the same it stands apart from FFmpeg, so that no decoder that is broken into may vouch for a signature.
"""

import json
import sys
from typing import Any

from c2pa import C2paError, Context, Reader
from kinora_media.sandbox import refuse

_GENERATION = "kinora.generation"
_DEEPEST = 50
_SETTINGS = {"version": 1, "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}


def main(mime: str, anchors: str) -> None:
    try:
        with Context.from_dict({**_SETTINGS, "trust": {"trust_anchors": anchors}}) as context:
            reader = Reader.try_create(mime, sys.stdin.buffer, context=context)
            if reader is None:
                told: dict[str, object] = {"state": "not_present"}
            else:
                with reader:
                    told = _told(json.loads(reader.json()), reader.get_validation_state())
    except C2paError as error:
        told = {"state": "invalid", "problem": f"The manifest cannot be read: {error}"[:2_000]}
    except (ValueError, KeyError, TypeError, AttributeError):
        refuse("CUT_OFF: The manifest is of no known form.")
    sys.stdout.write(json.dumps(told))


def _told(store: dict[str, Any], state: str) -> dict[str, object]:
    manifest = store["manifests"][store["active_manifest"]]
    signature = manifest.get("signature_info") or {}
    film = _film(store["manifests"], manifest)
    return {
        "state": state.lower(),
        "label": store["active_manifest"],
        "issuer": signature.get("issuer") or "",
        "common_name": signature.get("common_name") or "",
        "model": _model(film),
        "video_id": str(_assertion(film, _GENERATION).get("video_id") or "")[:200],
        "signed_at": _seconds(signature.get("time")),
        "problem": "" if state == "Trusted" else _problem(store),
    }


def _model(manifest: dict[str, Any]) -> str:
    """The software agent of the first action that names one."""
    for action in _assertion(manifest, "c2pa.actions").get("actions", []):
        agent = action.get("softwareAgent") or ""
        if name := agent.get("name", "") if isinstance(agent, dict) else agent:
            return str(name)[:200]
    return ""


def _film(manifests: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest itself, or that of the film that it was made from: an export's own says little of the film."""
    found = manifest
    for _ in range(_DEEPEST):
        parents = [each for each in found.get("ingredients", []) if each.get("relationship") == "parentOf"]
        if _assertion(found, _GENERATION) or not parents or parents[0].get("active_manifest") not in manifests:
            break
        found = manifests[parents[0]["active_manifest"]]
    return found if _assertion(found, _GENERATION) else manifest


def _assertion(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    return next((each["data"] for each in manifest.get("assertions", []) if each["label"].startswith(label)), {})


def _seconds(time: str | None) -> int:
    from datetime import datetime  # noqa: PLC0415 - seldom needed

    return int(datetime.fromisoformat(time).timestamp()) if time else 0


def _problem(store: dict[str, Any]) -> str:
    """The first thing that failed, in the reader's words."""
    failures = [each for each in store.get("validation_status") or [] if each.get("code")]
    return "; ".join(f"{each['code']}: {each.get('explanation', '')}" for each in failures)[:2_000]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
