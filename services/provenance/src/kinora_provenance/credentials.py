"""What a seal is signed with: a certificate chain, a key that may lie elsewhere, and the roots that this Kinora trusts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Sign = Callable[[bytes], bytes]
"""A message in, its signature out, as COSE has it: r and s one after the other for ECDSA (RFC 9053)."""
Key = bytes | Sign
"""The private key as PEM, or what signs with one that lies elsewhere."""


class CredentialsInvalid(Exception):
    """The signing certificates or key cannot be used; the message tells the operator why."""


@dataclass(frozen=True)
class Credentials:
    """PEM texts: `chain` from the signing certificate towards the root, `anchors` the trusted roots; `algorithm` by its C2PA name."""

    chain: bytes
    anchors: bytes
    algorithm: str
    signer: str
    development: bool
    key: Key = field(repr=False)


Source = Callable[[], Credentials]
"""Asked anew for every seal, so that renewed files are taken up without a restart. Raises CredentialsInvalid."""
KeySource = Callable[[], tuple[PublicKeyTypes, Key]]
"""Of the signing key. Raises CredentialsInvalid."""


def load(certificates: Path, key: KeySource, anchors: Path | None = None, *, development: bool = False) -> Credentials:
    """Reads and checks PEM files; without `anchors` the last certificate of the chain is the trusted root."""
    try:
        chain_pem = certificates.read_bytes()
        chain = x509.load_pem_x509_certificates(chain_pem)
        anchors_pem = anchors.read_bytes() if anchors else chain[-1].public_bytes(Encoding.PEM)
    except (OSError, ValueError) as error:
        raise CredentialsInvalid(f"The signing certificates {certificates} cannot be read: {error}") from error
    public, private = key()
    _check(chain[0], public)
    return Credentials(chain_pem, anchors_pem, algorithm(public), chain[0].subject.rfc4514_string(), development, private)


def _check(leaf: x509.Certificate, public: PublicKeyTypes) -> None:
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if leaf.public_key().public_bytes(*form) != public.public_bytes(*form):
        raise CredentialsInvalid("The signing key does not belong to the first signing certificate.")
    if not leaf.not_valid_before_utc <= datetime.now(UTC) < leaf.not_valid_after_utc:
        raise CredentialsInvalid(f"The signing certificate is valid from {leaf.not_valid_before_utc} to {leaf.not_valid_after_utc}.")


def algorithm(public: PublicKeyTypes) -> str:
    """C2PA Technical Specification 2.2, section 13.2.1: the signature algorithms that may be used. Raises CredentialsInvalid."""
    curves = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in curves:
        return curves[public.curve.name]
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return "ps256"
    raise CredentialsInvalid("C2PA signs with ECDSA P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits; the signing key is none.")
