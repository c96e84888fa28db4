"""One request is one trace, from the edge through every service."""

CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_request_is_one_trace_that_goes_on_with_the_callers(spans, world, http):
    await http.get("/v1/videos", headers={"traceparent": CALLERS})
    made = {span.name.rpartition("/")[2] if span.name.startswith("/") else span.name: span for span in spans.get_finished_spans()}
    assert made.keys() == {"GET /v1/videos", "VerifyBearer", "ListVideos"}
    assert {format(span.context.trace_id, "032x") for span in made.values()} == {CALLERS.split("-")[1]}
    assert made["ListVideos"].parent.span_id == made["GET /v1/videos"].context.span_id


async def test_what_was_wrong_with_a_request_is_no_ones_elses_business(spans, world, http):
    spans.clear()
    await http.post("/v1/videos", json={"prompt": "a secret wish", "seconds": "not a number"})
    assert "secret" not in str([(span.attributes, [event.attributes for event in span.events]) for span in spans.get_finished_spans()])
