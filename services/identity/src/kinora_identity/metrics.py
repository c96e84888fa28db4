"""What operators are told of signing in and of mails: how many and how they ended, never whose."""

from collections.abc import Iterator
from contextlib import contextmanager

from kinora_kit import gauges
from kinora_kit.db import Database
from kinora_kit.errors import KinoraError
from prometheus_client import Counter, Gauge
from sqlalchemy import text

SIGN_INS = Counter("kinora_identity_sign_ins_total", "Tries to sign in, by what they came to", ["by", "outcome"])
MAILS = Counter("kinora_identity_mails_total", "Tries to send a mail, by what they came to", ["outcome"])
MAILS_WAITING = Gauge("kinora_identity_mails_waiting", "Mails that have not been sent")
MAILS_AGE = Gauge("kinora_identity_mails_oldest_age_seconds", "How long the oldest of them waits; 0 when none does")
_MAILS = text(
    "select count(*) as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float as age from mails where done_at is null"
)


@contextmanager
def sign_in(by: str) -> Iterator[None]:
    """Counts what the block comes to: "ok", or the reason of its error."""
    try:
        yield
    except KinoraError as error:
        SIGN_INS.labels(by, error.reason).inc()
        raise
    SIGN_INS.labels(by, "ok").inc()


async def watch_mails(database: Database) -> None:
    """Until cancelled."""
    await gauges.watch(database, _MAILS, {"waiting": MAILS_WAITING, "age": MAILS_AGE})
