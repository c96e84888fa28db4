"""The `kinora` command."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.markup import escape

from kinora_cli import login as logins
from kinora_cli import state, up
from kinora_cli.backup.commands import backup_app, restore
from kinora_cli.export import ExportFailed, export
from kinora_cli.generate import GenerationFailed, finish, generate
from kinora_cli.plan.command import plan
from kinora_cli.settings import EnginesMissing, PlatformSettings

if TYPE_CHECKING:
    import openai

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Kinora: an idea becomes a short video with sound."
)
app.add_typer(backup_app, name="backup")
weights_app = typer.Typer(no_args_is_help=True, help="Weights of engines: docs/engines.md.")
app.add_typer(weights_app, name="weights")
app.command()(restore)
app.command()(plan)
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
def serve(name: Annotated[str, typer.Argument(envvar="KINORA_SERVICE", help="A service, or all")]) -> None:
    """Serve one service, or all of them in this process with embedded Postgres and Triton."""
    from kinora_cli import serve as serving  # noqa: PLC0415  the server's imports cost a second that the client commands need not pay

    names = [*serving.installed(), "all"]
    if name not in names:
        _fail(f"no service {name!r} is installed; there are: {', '.join(names)}")
    settings = PlatformSettings()
    if name == "all":
        with _extra("embedded"):
            import kinora_cli.embedded.platform  # noqa: F401, PLC0415 - only to see whether it can be
    try:
        asyncio.run(serving.serve_all(settings) if name == "all" else serving.serve_one(name, settings))
    except (state.AlreadyRunning, state.PortInUse, serving.KafkaMissing, EnginesMissing) as error:
        _fail(str(error))


@app.command()
def migrate(name: Annotated[str, typer.Argument(help="A service")]) -> None:
    """Bring the schema of one service up to date, and end: for clusters, where services wait for that (KINORA_MIGRATIONS=wait)."""
    from kinora_cli import serve as serving  # noqa: PLC0415  see serve

    if name not in serving.installed():
        _fail(f"no service {name!r} is installed; there are: {', '.join(serving.installed())}")
    had = asyncio.run(serving.migrate(name, PlatformSettings()))
    console.print(f"The schema of {name} is up to date." if had else f"{name} keeps nothing in the database.")


@app.command()
def keys(
    release: Annotated[str, typer.Option(help="The Helm release; Secrets are named after it")],
    namespace: Annotated[str, typer.Option(help="Where the Secrets lie")],
    services: Annotated[str, typer.Option(help="Names that need a certificate, e.g. gateway,identity")] = "",
    *,
    postgres: Annotated[bool, typer.Option(help="Make the password of the bundled Postgres")] = False,
    objects: Annotated[bool, typer.Option(help="Make the keys of the bundled object store")] = False,
    certificates: Annotated[bool, typer.Option(help="Issue certificates, and renew those that end soon")] = False,
) -> None:
    """In a cluster: make the Secrets that are missing, and issue certificates. No key that exists is overwritten."""
    from kinora_cli import keys as making  # noqa: PLC0415  see serve

    wanted = making.Wanted(
        release, namespace, [name for name in services.split(",") if name and certificates], postgres=postgres, objects=objects
    )
    try:
        done = making.make(wanted)
    except making.KeysFailed as error:
        _fail(str(error))
    for line in done or ["Everything is there."]:
        console.print(line, highlight=False)


@weights_app.command(name="fetch")
def fetch_weights(
    url: Annotated[str, typer.Argument(help="s3://bucket/prefix with SHA256SUMS; the AWS_* environment says how it is reached")],
    folder: Annotated[Path, typer.Argument(help="Where they go; files that are there already are not copied again")],
    at_once: Annotated[int, typer.Option(help="Files copied at once", min=1, max=64)] = 8,
) -> None:
    """Copy weights from a bucket before an engine starts. A file counts only when its SHA-256 is right."""
    from kinora_cli import weights  # noqa: PLC0415  see serve

    try:
        weights.fetch(url, folder, at_once=at_once, tell=lambda line: console.print(line, highlight=False, markup=False))
    except weights.WeightsFailed as error:
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
    prompt: str,
    out: Out = Path("out/video.mp4"),
    size: Size = "1280x720",
    seconds: Seconds = "4",
    seed: Seed = None,
    model: Annotated[str | None, typer.Option(help="Of /v1/models; the default one when absent")] = None,
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Small and soon done; `kinora finish` makes it in full size")] = False,
) -> None:
    """Make a video on the platform named by OPENAI_BASE_URL and OPENAI_API_KEY, the one in the state directory, or that of `login`."""
    chosen = {"model": model} if model else {}
    _generate(_client(PlatformSettings()), prompt, out, size=size, seconds=seconds, seed=seed, draft=draft, **chosen)


@app.command(name="finish")
def finish_command(video: Annotated[str, typer.Argument(help="A finished draft's id")], out: Out = Path("out/video.mp4")) -> None:
    """Make a draft's film in full size, as it was, on the same platform as `generate`."""
    with _told(GenerationFailed):
        finish(_client(PlatformSettings()), video, out, console)


@app.command(name="export")
def export_command(
    video: Annotated[str, typer.Argument(help="A finished video's id")],
    kind: Annotated[str, typer.Option("--format", help="mp4, fmp4, webm, gif or webp")] = "mp4",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to save it; out/<video>.<format> when absent")] = None,
    start: Annotated[float, typer.Option(help="Seconds")] = 0,
    end: Annotated[float, typer.Option(help="Seconds; 0 is the end")] = 0,
    short_side: Annotated[int, typer.Option(help="Pixels; 0 is the video's own")] = 0,
) -> None:
    """Save a copy of a finished video, visibly marked and signed, from the same platform as `generate`."""
    target = out or Path("out") / f"{video}.{'mp4' if kind == 'fmp4' else kind}"
    with _told(ExportFailed):
        export(_client(PlatformSettings()), video, target, console, format=kind, start=start, end=end, short_side=short_side)


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
    with _extra("tools"):
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


def _generate(client: "openai.OpenAI", prompt: str, out: Path, *, seed: int | None, draft: bool = False, **options: str) -> None:
    ours = ({} if seed is None else {"seed": seed}) | ({"draft": True} if draft else {})
    with _told(GenerationFailed):
        generate(client, prompt, out, console, **options, extra_body=ours)


@contextmanager
def _told(failure: type[Exception]) -> Iterator[None]:
    """What the platform refuses, in one line."""
    import openai  # noqa: PLC0415  half a second and 20 MB that a service need not pay

    try:
        yield
    except (failure, openai.OpenAIError) as error:
        _fail(str(error))


def _client(settings: PlatformSettings) -> "openai.OpenAI":
    import openai  # noqa: PLC0415  see _told

    found = state.read_credentials(settings.state_dir) if (settings.state_dir / "credentials.env").exists() else {}
    try:
        if not found and "OPENAI_API_KEY" not in os.environ and (kept := logins.current()):
            found = {"OPENAI_BASE_URL": f"{kept.url}/v1", "OPENAI_API_KEY": kept.access_token}
        return openai.OpenAI(base_url=found.get("OPENAI_BASE_URL"), api_key=found.get("OPENAI_API_KEY"))
    except logins.LoginFailed as error:
        _fail(str(error))
    except openai.OpenAIError:
        _fail("no credentials: start the platform with `make up`, `kinora login` to one, or set OPENAI_BASE_URL and OPENAI_API_KEY")


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """What is imported inside comes with kinora[name]; images of services lack it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        _fail(f"{missing.name} is not installed here: it comes with kinora[{name}]")


def _fail(message: str) -> NoReturn:
    console.print(f"[bold red]kinora:[/] {escape(message)}", highlight=False)
    raise typer.Exit(1)


def main() -> None:
    """Settings that cannot be read, whoever reads them, are said in a line."""
    try:
        app()
    except SettingsError as error:
        raise SystemExit(f"kinora: {error}: {error.__cause__}") from error
    except ValidationError as error:
        if not error.title.endswith("Settings"):
            raise
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False, include_url=False))
        raise SystemExit(f"kinora: {error.title}: {wrong}") from error
