"""Engine seconds: reserved, settled on what was taken, given back when there is no film."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_CPU_SECOND, ENGINE_UNIT_GPU_SECOND, RenderRefusal, RenderResult
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_generation import run_video, seal_video, store
from kinora_generation.end_video import _cancelled
from kinora_generation.errors import BudgetExceeded
from prometheus_client import REGISTRY

few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STEPS = ("queue", "lease", "render", "seal", "fail to seal", "cancel", "lose", "refuse", "give back")
GPU = {"unit": ENGINE_UNIT_GPU_SECOND}


class Story:
    """Videos of ada's that wait, are at an engine, or wait to be signed; a step without such a video does nothing."""

    def __init__(self, queue, platform):
        self.queue, self.platform, self.waiting, self.leases, self.sealing = queue, platform, [], [], []

    async def step(self, name, seconds):
        queue = self.queue
        if name == "queue":
            self.waiting.append(await queue.put("acct_ada", seconds, **GPU))
        elif name == "lease":
            await self.platform.sql("UPDATE videos SET not_before = now()")
            self.leases += filter(None, [await queue.take()])
        elif name in {"seal", "fail to seal"} and self.sealing:
            await self.signed(self.sealing.pop(), name == "seal")
        elif name == "cancel" and self.waiting:
            await self.cancel(self.waiting.pop())
        elif self.leases and name in {"render", "lose", "refuse", "give back"}:
            await self.at_engine(name, self.leases.pop(), seconds)

    async def at_engine(self, name, lease, seconds):
        db, told = self.queue.db, self.queue.settings
        if (await self.platform.sql("SELECT state FROM videos WHERE id = :id", id=lease.video.id))[0].state != "running":
            return
        if name == "render":
            key = f"{lease.video.attempt_folder}/raw.mp4"
            await run_video.rendered(db, lease, RenderResult(video_key=key, gpu_seconds=seconds))
            self.sealing.append(lease.video)
        elif name == "lose":
            await run_video.lost(db, told, lease, "gone")
        elif name == "refuse":
            await run_video.refused(db, told, lease, RenderRefusal(code="no", message="no"))
        else:
            await run_video.give_back(db, told, lease)

    async def signed(self, video, well):
        seal, event = (seal_video.complete, VideoSealed) if well else (seal_video.fail, VideoSealFailed)
        async with self.queue.db.begin() as tx:
            await seal(tx, event(video_id=video.id, attempt_id=video.attempt_id))

    async def cancel(self, video_id):
        async with self.queue.db.begin() as tx:
            await _cancelled(tx, self.queue.settings, await store.find(tx, video_id, lock=True))


@few
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.floats(0.1, 50)), max_size=30))
async def test_once_a_video_has_ended_what_was_reserved_is_settled_or_given_back(platform, queue, steps):
    await platform.sql("TRUNCATE videos, shares, pool_shares, pool_clocks, ledger, engine_rates")
    story = Story(queue, platform)
    for name, seconds in steps:
        await story.step(name, seconds)
    lines = await platform.sql("SELECT ledger.*, state FROM ledger JOIN videos ON id = video_id")
    assert len(lines) == sum(name == "queue" for name, _ in steps)
    for line in lines:
        over = line.state in {"completed", "failed", "cancelled"}
        assert over is (line.ended_at is not None)
        assert math.isclose(line.reserved, line.settled + line.refunded) if over else (line.settled, line.refunded) == (0, 0)
        assert (line.settled > 0) is (line.state == "completed")


async def completed(queue, platform, seconds, elapsed=3.0):
    """A film estimated at 10 GPU seconds, that took `seconds` of them in `elapsed` seconds, of which nothing is learnt."""
    story = Story(queue, platform)
    await platform.sql("TRUNCATE engine_rates")
    await queue.put("acct_ada", 10, **GPU)
    lease = await queue.take()
    await platform.sql("UPDATE videos SET leased_at = now() - make_interval(secs => :elapsed) WHERE state = 'running'", elapsed=elapsed)
    await story.at_engine("render", lease, seconds)
    await story.signed(lease.video, well=True)
    return lease.video.id


async def line_of(platform, video_id):
    return (await platform.sql("SELECT reserved, settled, refunded FROM ledger WHERE video_id = :id", id=video_id))[0]


async def test_what_was_not_taken_comes_back_and_what_was_missing_is_added(queue, platform):
    less, more = [await completed(queue, platform, seconds) for seconds in (4, 25)]
    assert await line_of(platform, less) == (10, 4, 6)
    assert (await line_of(platform, more)).settled == 25
    assert (await line_of(platform, more)).refunded == 0


async def test_an_engine_that_counts_nothing_is_settled_by_the_clock(queue, platform):
    for nothing in (0.0, math.nan, math.inf, -5.0):
        settled = (await line_of(platform, await completed(queue, platform, nothing))).settled
        assert 3 <= settled < 5


async def test_the_estimate_learns_how_many_gpus_work_on_a_film(queue, platform):
    await completed(queue, platform, seconds=2400, elapsed=300)
    [rate] = await platform.sql("SELECT * FROM engine_rates")
    assert (rate.rate, rate.per_second) == (pytest.approx(0.8 * 10 + 0.2 * 300, rel=0.1), pytest.approx(0.8 + 0.2 * 8, rel=0.1))
    assert (await line_of(platform, await queue.put("acct_ada", **GPU))).reserved == pytest.approx(68 * 2.4, rel=0.2)


async def test_a_video_shows_what_it_was_estimated_at_and_what_it_took(ada, platform, make_engine, work):
    video = await ada.create(model="ltx-2", size="1280x720")
    async with make_engine() as engine, work(engine.url):
        await platform.rendered()
    told = await ada.get(video.id)
    assert (told.unit, round(told.estimated_engine_seconds, 2)) == (ENGINE_UNIT_GPU_SECOND, round(5 * 1.28 * 0.72 * 4, 2))
    assert 0 < told.engine_seconds < 5
    assert "AI model" in told.ai_act_label


@pytest.mark.parametrize("wish", [{"model": "ltx-2"}, {"model": "ltx-2", "draft": True}, {"passes": ["depth"]}], ids=str)
async def test_what_is_told_beforehand_is_what_is_reserved(ada, platform, wish):
    asked = {"prompt": "A dog runs.", "size": "1280x720", "seconds": 8, **wish}
    told = await ada.ask("DraftStoryboard", pb.DraftStoryboardRequest(**asked))
    video = await ada.create(**asked)
    assert (told.unit, round(told.engine_seconds, 6)) == (video.unit, round(video.estimated_engine_seconds, 6))
    assert (await line_of(platform, video.id)).reserved == video.estimated_engine_seconds


async def test_how_wrong_estimates_are_is_measured(queue, platform):
    def seen():
        return REGISTRY.get_sample_value("kinora_generation_estimate_ratio_sum", {"engine": "world-1"}) or 0.0

    before = seen()
    await completed(queue, platform, seconds=25)
    assert seen() - before == pytest.approx(2.5)


async def test_usage_is_told_by_engine(ada, queue, platform):
    await completed(queue, platform, seconds=4)
    await platform.sql("TRUNCATE engine_rates")
    await queue.put("acct_ada", 7)
    await queue.put("acct_bob", 100)
    usage = await ada.ask("GetUsage", pb.GetUsageRequest())
    told = {each.unit: (each.model, each.spent_today, each.spent_30_days, each.reserved) for each in usage.engines}
    assert told == {ENGINE_UNIT_CPU_SECOND: ("world-1", 0, 0, 7), ENGINE_UNIT_GPU_SECOND: ("world-1", 4, 4, 0)}
    assert list(usage.budgets) == []


async def test_what_was_spent_ages(ada, queue, platform):
    await completed(queue, platform, seconds=4)
    await platform.sql("UPDATE ledger SET reserved_at = now() - interval '2 days'")
    [used] = (await ada.ask("GetUsage", pb.GetUsageRequest())).engines
    assert (used.spent_today, used.spent_30_days) == (0, 4)


async def test_a_budget_bounds_what_is_spent_and_reserved_in_a_day(queue, platform):
    bounded = queue.with_settings(budget_seconds=20)
    await completed(bounded, platform, seconds=4)
    await platform.sql("TRUNCATE engine_rates")
    await bounded.put("acct_ada", 10, **GPU)
    with pytest.raises(BudgetExceeded, match="6 of today's 20 are left") as refused:
        await bounded.put("acct_ada", 10, **GPU)
    assert int(refused.value.metadata["renews_at"]) % 86_400 == 0
    await bounded.put("acct_ada", 10)  # CPU seconds are counted by themselves
    await bounded.put("acct_bob", 20, **GPU)


async def test_a_budget_is_whole_again_the_next_day_and_after_a_refund(queue, platform):
    bounded = queue.with_settings(budget_seconds=20)
    story, video = Story(bounded, platform), await bounded.put("acct_ada", 20, **GPU)
    await story.cancel(video)
    await bounded.put("acct_ada", 20, **GPU)
    await platform.sql("UPDATE ledger SET reserved_at = now() - interval '1 day'")
    await bounded.put("acct_ada", 20, **GPU)
