"""What operators are told of sessions that ended: in Prometheus and in the log, by code, never of a face."""

from kinora_kit import log
from prometheus_client import Counter

from kinora_identity.liveness.domain import Liveness

SESSIONS = Counter("kinora_identity_liveness_sessions_total", "Liveness sessions by where they came to", ["state"])
REASONS = Counter("kinora_identity_liveness_reasons_total", "Why liveness sessions were not approved", ["state", "reason"])
_log = log.get("kinora.identity.liveness")


def note(session: Liveness) -> None:
    """To be called once its new state is committed."""
    SESSIONS.labels(session.state).inc()
    for reason in session.reasons:
        REASONS.labels(session.state, reason.code).inc()
    codes = [reason.code for reason in session.reasons]
    _log.info(f"liveness.{session.state}", session_id=session.id, account_id=session.account_id, reasons=codes)
