"""Engines that cannot load say why; one whose process is killed comes back."""

import asyncio
import os
import signal
import time

import grpc
import pytest
from google.protobuf import text_format
from kinora_cli.embedded.triton import Triton, TritonFailed
from kinora_testkit.engines import pid_of, server
from kinora_testkit.fixtures import MODELS
from tritonclient.grpc.model_config_pb2 import ModelConfig
from tritonclient.utils import InferenceServerException


@pytest.mark.parametrize("model", ["world", "ltx2", "cosmos3"])
def test_every_model_streams_one_film_at_a_time_from_a_small_queue_without_priorities(model):
    config = text_format.Parse((MODELS / model / "config.pbtxt").read_text(), ModelConfig())
    queue = config.dynamic_batching.default_queue_policy
    assert (config.name, config.max_batch_size, config.model_transaction_policy.decoupled) == (model, 0, True)
    assert (queue.timeout_action, queue.max_queue_size, config.dynamic_batching.priority_levels) == (queue.REJECT, 8, 0)


@pytest.mark.slow
async def test_an_engine_without_weights_does_not_load_and_says_what_is_missing(tmp_path):
    triton = Triton(MODELS, tmp_path, tmp_path.as_uri(), models=["ltx2"], parameters={"ltx2": {"weights": "/nowhere"}})
    with pytest.raises(TritonFailed, match="ltx2 cannot serve: BadWeights: /nowhere: there is no such folder; mount the weights there"):
        await triton.start()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_killed_engine_is_noticed_and_comes_back(tmp_path, tiny_models, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    served = server(MODELS, tmp_path, tiny_models, ["ltx2"])
    watch = asyncio.create_task(served.triton.supervise())
    try:
        await back(served)
        os.kill(first := pid_of(served.triton, "ltx2"), signal.SIGKILL)
        began = time.monotonic()
        await back(served)
        print(f"back after {time.monotonic() - began:.0f} s")  # noqa: T201 - a figure for people
        assert pid_of(served.triton, "ltx2") != first
    finally:
        watch.cancel()
        await served.triton.stop()


async def back(served):
    async with asyncio.timeout(250):
        while True:
            try:
                return await served.sheet("ltx2")
            except (InferenceServerException, grpc.aio.AioRpcError):
                await asyncio.sleep(0.5)
