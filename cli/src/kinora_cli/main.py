"""The `kinora` command."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, NoReturn

import openai
import typer
from rich.console import Console

from kinora_cli import login as logins
from kinora_cli import state, up
from kinora_cli.generate import GenerationFailed, generate
from kinora_cli.settings import PlatformSettings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Kinora: an idea becomes a short video with sound."
)
console = Console()

SAMPLE_PROMPT = (
    'Two friends on a basketball court at sunset. Close-up of Maya, a woman with long hair in a yellow shirt, saying "Watch this!" '
    'Then she shoots the ball, it misses and bounces off the backboard. Close-up of Leo, in a red shirt, shouting "So close!"'
)
SAMPLE_SEED = 7

Size = Annotated[str, typer.Option(help="Width x height")]
Seconds = Annotated[str, typer.Option(help="Length")]
Seed = Annotated[int | None, typer.Option(help="The same prompt and seed give the same film; drawn at random when absent")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to save the MP4")]


@app.command()
def serve(name: Annotated[str, typer.Argument(help="A service, or all")]) -> None:
    """Serve one service, or all of them in this process with embedded Postgres and Triton."""
    from kinora_cli import serve as serving  # noqa: PLC0415  the server's imports cost a second that the client commands need not pay

    names = [*serving.installed(), "all"]
    if name not in names:
        _fail(f"no service {name!r} is installed; there are: {', '.join(names)}")
    settings = PlatformSettings()
    try:
        asyncio.run(serving.serve_all(settings) if name == "all" else serving.serve_one(name, settings))
    except (state.AlreadyRunning, state.PortInUse) as error:
        _fail(str(error))


@app.command(name="up")
def up_command() -> None:
    """Start the embedded platform in the background; return when it is healthy."""
    settings = PlatformSettings()
    try:
        up.start(settings)
    except (state.AlreadyRunning, state.PortInUse, up.StartFailed) as error:
        _fail(str(error))
    console.print(f"Up at [bold]{settings.gateway_url}[/]; `make down` ends it.")
    console.print(f"For the openai SDK: source {settings.state_dir}/credentials.env", highlight=False)


@app.command()
def down() -> None:
    """End the platform that serves from the state directory."""
    console.print("Down." if up.stop(PlatformSettings()) else "Nothing is up.")


@app.command()
def replay(topic: Annotated[str, typer.Argument(help="E.g. kinora.generation.v1")]) -> None:
    """Give the events that ended in <topic>.dead another chance."""
    from kinora_cli import serve as serving  # noqa: PLC0415  see serve

    try:
        count = asyncio.run(serving.replay_dead(topic, PlatformSettings()))
    except FileNotFoundError:
        _fail("nothing is up here; start the platform, or set KINORA_KAFKA_BOOTSTRAP or KINORA_DATABASE_URL")
    console.print(f"{count} events went back into {topic}.")


@app.command()
def login(url: Annotated[str, typer.Argument(help="The platform's address, e.g. https://kinora.example")]) -> None:
    """Sign in to a platform, by typing a code on its page; `kinora generate` then uses it."""

    def show(page: str, code: str) -> None:
        console.print(f"Open [bold]{page}[/] and type the code [bold]{code}[/].", highlight=False)

    try:
        logins.log_in(url.rstrip("/"), show)
    except logins.LoginFailed as error:
        _fail(str(error))
    console.print(f"Signed in to {url}.")


@app.command()
def logout() -> None:
    """End the session of `kinora login`."""
    try:
        ended = logins.log_out()
    except logins.LoginFailed as error:
        _fail(str(error))
    console.print("Signed out." if ended else "You were not signed in.")


@app.command(name="generate")
def generate_command(
    prompt: str, out: Out = Path("out/video.mp4"), size: Size = "1280x720", seconds: Seconds = "4", seed: Seed = None
) -> None:
    """Make a video on the platform named by OPENAI_BASE_URL and OPENAI_API_KEY, the one in the state directory, or that of `login`."""
    _generate(_client(PlatformSettings()), prompt, out, size=size, seconds=seconds, seed=seed)


@app.command()
def demo(
    prompt: str = SAMPLE_PROMPT, out: Out = Path("out/demo.mp4"), size: Size = "1280x720", seconds: Seconds = "4", seed: Seed = SAMPLE_SEED
) -> None:
    """Bring the platform up, make one video through its public API, and save it."""
    settings = PlatformSettings()
    console.print("Starting the platform …")
    try:
        with up.running(settings):
            _generate(_client(settings), prompt, out, size=size, seconds=seconds, seed=seed)
    except (state.PortInUse, up.StartFailed) as error:
        _fail(str(error))


@app.command()
def receipts(
    film: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An MP4 made by a Kinora")],
    keys: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="Its public keys: /.well-known/consent-receipt-keys.json")],
    anchors: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="PEM roots that must vouch for the film's signer")
    ] = None,
) -> None:
    """Check, without network, that every likeness in a film was used by its owner's consent."""
    from kinora_cli import receipts as checking  # noqa: PLC0415  see serve

    try:
        found = checking.verify(film, json.loads(keys.read_bytes()), anchors.read_bytes() if anchors else None)
    except (checking.ReceiptInvalid, ValueError) as error:
        _fail(str(error))
    for one in found:
        console.print(
            f"{one.handle} ({one.cameo}) lent to {one.grantee} for {one.video} by {one.basis} {one.grant}, {one.issued_at:%F %T} UTC"
        )
    console.print(f"{len(found)} likenesses, each with a valid receipt." if found else "The film shows no likeness.")


def _generate(client: openai.OpenAI, prompt: str, out: Path, *, seed: int | None, **options: str) -> None:
    try:
        generate(client, prompt, out, console, **options, extra_body={} if seed is None else {"seed": seed})
    except (GenerationFailed, openai.OpenAIError) as error:
        _fail(str(error))


def _client(settings: PlatformSettings) -> openai.OpenAI:
    found = state.read_credentials(settings.state_dir) if (settings.state_dir / "credentials.env").exists() else {}
    try:
        if not found and "OPENAI_API_KEY" not in os.environ and (kept := logins.current()):
            found = {"OPENAI_BASE_URL": f"{kept.url}/v1", "OPENAI_API_KEY": kept.access_token}
        return openai.OpenAI(base_url=found.get("OPENAI_BASE_URL"), api_key=found.get("OPENAI_API_KEY"))
    except logins.LoginFailed as error:
        _fail(str(error))
    except openai.OpenAIError:
        _fail("no credentials: start the platform with `make up`, `kinora login` to one, or set OPENAI_BASE_URL and OPENAI_API_KEY")


def _fail(message: str) -> NoReturn:
    console.print(f"[bold red]kinora:[/] {message}", highlight=False)
    raise typer.Exit(1)


def main() -> None:
    app()
