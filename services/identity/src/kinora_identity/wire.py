"""Domain values as protobuf messages."""

from collections.abc import Sequence

from kinora.identity.v1 import entry_service_pb2 as entry
from kinora.identity.v1 import family_service_pb2 as family
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora.identity.v1 import oauth_service_pb2 as oauth
from kinora.identity.v1 import passkey_service_pb2 as passkeys
from kinora.identity.v1 import security_service_pb2 as security
from kinora.identity.v1 import session_service_pb2 as sessions

from kinora_identity import ages
from kinora_identity.audit import Entry
from kinora_identity.domain import ROLES, Account, ApiKey, RoleInvalid
from kinora_identity.entry_store import Invite
from kinora_identity.family_store import Relative, Switches
from kinora_identity.oauth_store import Client
from kinora_identity.passkey_store import Passkey
from kinora_identity.session_store import Session
from kinora_identity.tokens import Handed

_ROLES = dict(zip(ROLES, (pb.ROLE_USER, pb.ROLE_MODERATOR, pb.ROLE_OPERATOR), strict=True))
_AGE_BANDS = {"unknown": pb.AGE_BAND_UNSPECIFIED, "teen": pb.AGE_BAND_TEEN, "adult": pb.AGE_BAND_ADULT}


def account(account: Account) -> pb.Account:
    return pb.Account(
        id=account.id,
        handle=account.handle,
        display_name=account.display_name,
        role=_ROLES[account.role],
        created_at=int(account.created_at.timestamp()),
        age_band=_AGE_BANDS[ages.band(account.birth_date)],
    )


def named(accounts: Sequence[Account], *, with_ages: bool) -> pb.NameAccountsResponse:
    reply = pb.NameAccountsResponse(handles={each.id: each.handle for each in accounts})
    if with_ages:
        reply.age_bands.update({each.id: _AGE_BANDS[ages.band(each.birth_date)] for each in accounts})
    return reply


def api_key(key: ApiKey) -> pb.ApiKey:
    return pb.ApiKey(
        id=key.id,
        account_id=key.account_id,
        name=key.name,
        prefix=key.prefix,
        scopes=key.scopes,
        created_at=int(key.created_at.timestamp()),
        revoked_at=int(key.revoked_at.timestamp()) if key.revoked_at else 0,
    )


def invite(invite: Invite) -> entry.Invite:
    return entry.Invite(
        code=invite.code,
        created_at=int(invite.created_at.timestamp()),
        used_at=int(invite.used_at.timestamp()) if invite.used_at else 0,
        used_by=invite.used_by,
    )


def tokens(handed: Handed) -> sessions.Tokens:
    return sessions.Tokens(
        access_token=handed.access_token,
        expires_in=handed.expires_in,
        refresh_token=handed.refresh_token,
        session_id=handed.session.id,
        scopes=handed.session.scopes,
    )


def session(session: Session) -> sessions.Session:
    return sessions.Session(
        id=session.id,
        device=session.device,
        network=session.network,
        created_at=int(session.created_at.timestamp()),
        last_used_at=int(session.last_used_at.timestamp()),
        client_id=session.client_id,
    )


def client(client: Client) -> oauth.Client:
    return oauth.Client(id=client.id, name=client.name, redirect_uris=client.redirect_uris)


def audit_entry(entry: Entry) -> security.AuditEntry:
    return security.AuditEntry(
        number=entry.number,
        at=int(entry.at.timestamp()),
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        details_json=entry.details,
        sha256=entry.sha256.hex(),
    )


def passkey(passkey: Passkey) -> passkeys.Passkey:
    return passkeys.Passkey(
        id=passkey.id,
        name=passkey.name,
        created_at=int(passkey.created_at.timestamp()),
        last_used_at=int(passkey.last_used_at.timestamp()) if passkey.last_used_at else 0,
    )


def relative(relative: Relative) -> family.Relative:
    return family.Relative(account_id=relative.account_id, handle=relative.handle, linked=relative.linked)


def switches(switches: Switches) -> family.Switches:
    return family.Switches(**vars(switches))


def role(number: int) -> str:
    """The role's name, "user" when unspecified; raises RoleInvalid for a number from another version."""
    if number == pb.ROLE_UNSPECIFIED:
        return "user"
    for name, known in _ROLES.items():
        if known == number:
            return name
    raise RoleInvalid(f"role must be one of {', '.join(ROLES)}.", param="role")
