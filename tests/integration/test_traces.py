"""One trace follows a video from the HTTP request through generation, Triton and the events to its seal."""

import secrets

import httpx
import pytest
from kinora_testkit.network import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_one_trace_from_the_request_to_the_seal(network, collector, short_storyboard):
    trace = secrets.token_hex(16)
    headers = {"Authorization": f"Bearer {network.admin_key}", "traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    body = {"prompt": "Maya waves", "size": "1280x720", "storyboard": short_storyboard}
    httpx.post(f"{network.url}/v1/videos", headers=headers, json=body, timeout=30).raise_for_status()

    def seen() -> set[tuple[str, str]]:
        return {(process, name) for found, name, process in list(collector.spans) if found == trace}

    def through_all() -> bool:
        gateway = any(process == "kinora-gateway" for process, _ in seen())  # its spans are sent in batches, and may come last
        return gateway and wanted <= seen()

    wanted = {("kinora-world", "render"), ("kinora-generation", "video.render"), ("kinora-provenance", "seal")}
    eventually(through_all, within=120, what=f"{wanted} and the gateway's request in the trace")
