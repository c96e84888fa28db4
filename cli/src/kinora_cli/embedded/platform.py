"""Fill in what the settings leave open with embedded servers."""

import asyncio
import json
import os
from contextlib import AsyncExitStack, suppress

from pydantic import SecretStr

from kinora_cli import state
from kinora_cli.embedded.postgres import Postgres
from kinora_cli.embedded.triton import Triton
from kinora_cli.settings import PlatformSettings


async def embedded(stack: AsyncExitStack, settings: PlatformSettings) -> PlatformSettings:
    """Start the missing servers, to be stopped by `stack`; return settings in which nothing is open.

    Triton loads in the background: the platform answers before its engine is ready, and jobs wait for it. Raises EnginesMissing.
    """
    state_dir = settings.state_dir.absolute()
    own_triton = settings.triton and not settings.triton_url
    if own_triton:
        settings.check_engines()
        os.environ.setdefault("GENERATION_ENGINES", json.dumps(settings.engines))  # what is loaded can be asked
    told = {
        "media_url": settings.media_url or (state_dir / "media").as_uri(),
        "internal_secret": settings.internal_secret if settings.internal_secret.get_secret_value() else _secret(settings),
        "database_url": settings.database_url or await _postgres(stack, settings),
    }
    if own_triton:
        told["triton_url"] = await _triton(stack, settings, str(told["media_url"]))
    return settings.model_copy(update=told)


def _secret(settings: PlatformSettings) -> SecretStr:
    return SecretStr(state.internal_secret(settings.state_dir).decode())


async def _postgres(stack: AsyncExitStack, settings: PlatformSettings) -> str:
    server = Postgres(settings.state_dir / "postgres")
    await server.start()
    stack.push_async_callback(server.stop)
    state.private(state.database_file(settings.state_dir), server.url)
    return server.url


async def _triton(stack: AsyncExitStack, settings: PlatformSettings, media_url: str) -> str:
    server = Triton(
        settings.models_dir,
        settings.state_dir,
        media_url,
        models=settings.engines,
        parameters={name: {"weights": str(folder.absolute())} for name, folder in settings.engine_weights.items()},
        load_timeout_s=settings.engine_load_s,
        exit_timeout_s=settings.engine_exit_s,
    )
    watch = asyncio.create_task(server.supervise())

    async def stop() -> None:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await server.stop()

    stack.push_async_callback(stop)
    return server.url
