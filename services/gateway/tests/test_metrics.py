"""What operators are told of requests: by the route's template, never by what stands in the path."""

from kinora_testkit.figures import figure
from prometheus_client import REGISTRY


async def test_requests_are_counted_by_route_method_and_status(world, http):
    def told(route, status):
        return figure("kinora_http_requests_total", method="GET", route=route, status=status)

    missing, listed = told("/v1/videos/{video_id}", "404"), told("/v1/videos", "200")
    timed = figure("kinora_http_request_seconds_count", route="/v1/videos/{video_id}")
    await http.get("/v1/videos/video_of_nobody")
    await http.get("/v1/videos")
    assert told("/v1/videos/{video_id}", "404") == missing + 1
    assert told("/v1/videos", "200") == listed + 1
    assert figure("kinora_http_request_seconds_count", route="/v1/videos/{video_id}") == timed + 1


async def test_a_path_that_somebody_made_up_is_no_label(world, http):
    before = figure("kinora_http_requests_total", route="unknown", status="404")
    await http.get("/wp-admin/made-up.php")
    assert figure("kinora_http_requests_total", route="unknown", status="404") == before + 1
    assert not any("made-up" in str(sample.labels) for family in REGISTRY.collect() for sample in family.samples)
