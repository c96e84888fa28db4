"""What a seal is signed with: a certificate chain, its key, and the roots that this Kinora trusts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


class CredentialsInvalid(Exception):
    """The signing certificates or key cannot be used; the message tells the operator why."""


@dataclass(frozen=True)
class Credentials:
    """PEM texts: `chain` from the signing certificate towards the root, `anchors` the trusted roots; `algorithm` by its C2PA name."""

    chain: bytes
    key: bytes
    anchors: bytes
    algorithm: str
    signer: str
    development: bool


Source = Callable[[], Credentials]
"""Asked anew for every seal, so that renewed files are taken up without a restart. Raises CredentialsInvalid."""


def load(certificates: Path, key: Path, anchors: Path | None = None, *, development: bool = False) -> Credentials:
    """Reads and checks PEM files; without `anchors` the last certificate of the chain is the trusted root."""
    try:
        chain_pem, key_pem = certificates.read_bytes(), key.read_bytes()
        chain = x509.load_pem_x509_certificates(chain_pem)
        private = load_pem_private_key(key_pem, password=None)
        anchors_pem = anchors.read_bytes() if anchors else chain[-1].public_bytes(Encoding.PEM)
    except (OSError, ValueError, TypeError) as error:
        raise CredentialsInvalid(f"The signing certificates {certificates} or the key {key} cannot be read: {error}") from error
    _check(chain[0], private)
    return Credentials(chain_pem, key_pem, anchors_pem, _algorithm(private), chain[0].subject.rfc4514_string(), development)


def _check(leaf: x509.Certificate, private: PrivateKeyTypes) -> None:
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if leaf.public_key().public_bytes(*form) != private.public_key().public_bytes(*form):
        raise CredentialsInvalid("The signing key does not belong to the first signing certificate.")
    if not leaf.not_valid_before_utc <= datetime.now(UTC) < leaf.not_valid_after_utc:
        raise CredentialsInvalid(f"The signing certificate is valid from {leaf.not_valid_before_utc} to {leaf.not_valid_after_utc}.")


def _algorithm(private: PrivateKeyTypes) -> str:
    """C2PA Technical Specification 2.2, section 13.2.1: the signature algorithms that may be used."""
    curves = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
    if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name in curves:
        return curves[private.curve.name]
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= 2048:
        return "ps256"
    raise CredentialsInvalid("C2PA signs with ECDSA P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits; the signing key is none.")
