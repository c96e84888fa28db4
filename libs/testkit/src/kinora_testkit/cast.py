"""The people in the tests, always the same: ada runs this Kinora; bob, cleo and dan use it."""

from kinora_kit import identity
from kinora_kit.identity import Identity

SECRET = b"internal secret of the test suite"
_USER = frozenset({"videos:read", "videos:write"})

ADA = Identity("acct_ada", "operator", _USER | {"admin"}, "key_ada")
BOB = Identity("acct_bob", "user", _USER, "key_bob")
CLEO = Identity("acct_cleo", "user", _USER, "key_cleo")
DAN = Identity("acct_dan", "user", _USER, "key_dan")


def as_user(who: Identity) -> tuple[tuple[str, str], ...]:
    """Call metadata in the name of `who`: `await stub.GetVideo(request, metadata=as_user(bob))`."""
    return identity.metadata(who, SECRET)
