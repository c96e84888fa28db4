"""Few look at once, and nothing that happens to a sandbox hurts the service."""

import asyncio
from contextlib import suppress

import psutil
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora_kit.errors import RemoteError
from kinora_testkit.figures import figure


def sandboxes():
    """The processes in which clips are analysed now."""
    return [child for child in psutil.Process().children() if "kinora_faces.analysis" in command(child)]


def command(process):
    with suppress(psutil.Error):  # it has ended meanwhile
        return process.cmdline()
    return []


async def until(check):
    async with asyncio.timeout(60):
        while not (found := check()):  # noqa: ASYNC110 - processes tell nobody
            await asyncio.sleep(0.02)
    return found


async def test_a_killed_sandbox_leaves_the_service_well(start, capture):
    fields = await capture()
    call = start("AnalyseClip", **fields)
    (sandbox,) = await until(sandboxes)
    sandbox.kill()
    answer = await call
    assert (answer.outcome, answer.reasons[0].code) == (pb.OUTCOME_RETRY, "TOO_HEAVY")
    assert (await start("AnalyseClip", **fields)).outcome == pb.OUTCOME_APPROVED


async def test_who_finds_every_slot_taken_is_told_to_come_again(start, ask, capture, refused):
    fields = await capture()
    call = start("AnalyseClip", **fields)
    await until(sandboxes)
    assert figure("kinora_likeness_slots_in_use") == figure("kinora_likeness_slots") == 1
    missed = figure("kinora_likeness_slots_missed_total")
    with refused("AllSlotsTaken"):
        await ask("AnalyseClip", **fields)
    assert figure("kinora_likeness_slots_missed_total") == missed + 1
    assert (await ask("MakeChallenge")).items
    assert (await call).outcome == pb.OUTCOME_APPROVED
    assert figure("kinora_likeness_slots_in_use") == 0


async def test_the_slot_of_a_caller_who_left_is_free_when_its_sandbox_is_gone(start, ask, capture, refused, stored):
    fields = await capture()
    call = start("AnalyseClip", **fields)
    (sandbox,) = await until(sandboxes)
    call.cancel()
    with refused("AllSlotsTaken"):
        await ask("AnalyseClip", **fields)
    sandbox.kill()
    assert (await answered(ask, **fields | {"clip_key": await stored(b"")})).reasons[0].code == "NOT_A_VIDEO"


async def answered(ask, **fields):
    """As soon as there is a slot."""
    async with asyncio.timeout(30):
        while True:
            with suppress(RemoteError):
                return await ask("AnalyseClip", **fields)
