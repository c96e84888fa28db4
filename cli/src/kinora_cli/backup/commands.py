"""`kinora backup` and `kinora restore`, declared. What they do is imported when it is asked for: other commands start sooner without."""
# ruff: noqa: PLC0415 - see above

from typing import Annotated

import typer

backup_app = typer.Typer(invoke_without_command=True, help="Back the platform up, or look at its backups.")

_PLACE = "file:///folder or s3://bucket/prefix"
To = Annotated[str, typer.Option("--to", envvar="KINORA_BACKUP_URL", help=_PLACE)]
From = Annotated[str, typer.Option("--from", envvar="KINORA_BACKUP_URL", help=_PLACE)]
At = Annotated[str, typer.Option("--at", help="A backup's id; the newest when absent")]
Keep = Annotated[int, typer.Option(help="How many backups are kept; what is erased stays in them until they go", min=1)]
Deep = Annotated[bool, typer.Option("--deep", help="Read every media object too")]
ForgetOnly = Annotated[bool, typer.Option("--forget-only", help="The database was restored by other means: only tell it what to forget")]
WithoutKeys = Annotated[bool, typer.Option("--without-keys", help="Restore although keys are missing")]


@backup_app.callback()
def backup(context: typer.Context, to: To = "", keep: Keep = 7) -> None:
    """Back up the database and the media, with the facts of forgetting. Keys are not in it: keep them elsewhere."""
    if context.invoked_subcommand is None:
        from kinora_cli.backup import acts

        acts.run(acts.back_up(_given(to, "--to"), keep))


@backup_app.command(name="facts")
def facts_command(to: To = "") -> None:
    """Copy new facts of forgetting: seconds of work, to be done every few minutes."""
    from kinora_cli.backup import acts

    acts.run(acts.keep_facts(_given(to, "--to")))


@backup_app.command(name="list")
def list_command(source: From = "") -> None:
    """Tell which backups there are."""
    from kinora_cli.backup import acts

    acts.run(acts.tell_backups(_given(source, "--from")))


@backup_app.command(name="verify")
def verify_command(*, source: From = "", at: At = "", deep: Deep = False) -> None:
    """Look whether a backup is whole. A rehearsal of the restore proves more (docs/backup.md)."""
    from kinora_cli.backup import acts

    acts.run(acts.verify(_given(source, "--from"), at, deep=deep))


def restore(*, source: From = "", at: At = "", forget_only: ForgetOnly = False, without_keys: WithoutKeys = False) -> None:
    """Bring the platform back from a backup, into an empty database, before its services start."""
    from kinora_cli.backup import acts

    source = _given(source, "--from")
    acts.run(acts.forget_again(source) if forget_only else acts.restore(source, at, without_keys=without_keys))


def _given(url: str, option: str) -> str:
    if not url:
        raise typer.BadParameter(f"say where the backups are: {_PLACE}", param_hint=f"{option} or KINORA_BACKUP_URL")
    return url
