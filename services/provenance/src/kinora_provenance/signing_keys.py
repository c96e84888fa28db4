"""Where the signing key lies: in a PEM file, or in AWS KMS, which signs and never gives it away."""

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_private_key

from kinora_provenance.credentials import CredentialsInvalid, Key, KeySource, algorithm
from kinora_provenance.metrics import KMS_ERRORS

_KMS = "awskms:"
_BITS = {"es256": 256, "es384": 384, "es512": 521}
_KMS_NAMES = {"es256": "ECDSA_SHA_256", "es384": "ECDSA_SHA_384", "es512": "ECDSA_SHA_512", "ps256": "RSASSA_PSS_SHA_256"}


def source(written: str) -> KeySource:
    """Of a path, or "awskms:<key id, ARN or alias>"; AWS's own environment says where and as whom."""
    if written.startswith(_KMS):
        return partial(in_kms, written.removeprefix(_KMS))
    return partial(in_file, Path(written))


def in_file(path: Path) -> tuple[PublicKeyTypes, Key]:
    """Raises CredentialsInvalid."""
    try:
        pem = path.read_bytes()
        return load_pem_private_key(pem, password=None).public_key(), pem
    except (OSError, ValueError, TypeError) as error:
        raise CredentialsInvalid(f"The signing key {path} cannot be read: {error}") from error


def in_kms(name: str) -> tuple[PublicKeyTypes, Key]:
    """Raises CredentialsInvalid, also when KMS cannot be asked."""
    try:
        client = _kms()
        public = load_der_public_key(client.get_public_key(KeyId=name)["PublicKey"])
    except Exception as error:
        KMS_ERRORS.labels("GetPublicKey").inc()
        raise CredentialsInvalid(f"The signing key {_KMS}{name} cannot be used: {error}") from error
    found = algorithm(public)
    if found not in _KMS_NAMES:
        raise CredentialsInvalid(f"KMS signs for C2PA with {', '.join(_KMS_NAMES.values())}; {_KMS}{name} is none of these keys.")
    return public, partial(_signed_by_kms, client, name, found)


def _kms() -> Any:
    try:
        import boto3  # noqa: PLC0415 - an extra: only who keeps keys there needs it
    except ImportError as error:
        raise CredentialsInvalid("Keys in AWS KMS want the package kinora-provenance[kms].") from error
    return boto3.client("kms")


def _signed_by_kms(client: Any, name: str, found: str, message: bytes) -> bytes:
    digest = hashlib.new(f"sha{found[2:]}", message).digest()
    with KMS_ERRORS.labels("Sign").count_exceptions():
        reply = client.sign(KeyId=name, Message=digest, MessageType="DIGEST", SigningAlgorithm=_KMS_NAMES[found])
    signature: bytes = reply["Signature"]
    return _raw(signature, _BITS[found]) if found in _BITS else signature


def _raw(der: bytes, bits: int) -> bytes:
    """The numbers r and s, one after the other, each as long as the curve's order (RFC 9053, section 2.1)."""
    length = -(-bits // 8)
    return b"".join(number.to_bytes(length, "big") for number in decode_dss_signature(der))
