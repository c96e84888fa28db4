"""kill -9 and crashes in the middle of a job: what was accepted is completed, once."""

import asyncio

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def test_the_engine_is_killed(platform):
    videos = platform.create(2)
    platform.wait_rendering(videos[0])
    platform.engine.triton.kill()
    platform.assert_completed_exactly_once(videos)


def test_the_generation_process_is_killed(platform):
    videos = platform.create(2)
    platform.wait_rendering(videos[0])
    platform.network.restart("generation")
    platform.assert_completed_exactly_once(videos)


def test_a_generation_process_that_must_go_finishes_its_film_first(platform):
    video, another = platform.create(2)
    platform.wait_rendering(video)
    platform.network.end("generation", within=90)
    platform.network.start("generation")
    platform.assert_completed_exactly_once([video, another])
    assert (platform.attempts(video), platform.attempts(another)) == (1, 1)


def test_the_provenance_process_is_killed(platform):
    videos = platform.create(2)
    platform.wait_rendering(videos[1])
    platform.network.restart("provenance")
    platform.assert_completed_exactly_once(videos)


def test_the_database_crashes(platform):
    videos = platform.create(2)
    platform.wait_rendering(videos[0])
    platform.postgres.kill()
    asyncio.run(platform.postgres.start())
    platform.assert_completed_exactly_once(videos)


def test_the_broker_restarts(platform):
    videos = platform.create(1)
    platform.wait_rendering(videos[0])
    platform.kafka.kill()
    platform.kafka.start()
    platform.assert_completed_exactly_once(videos)
