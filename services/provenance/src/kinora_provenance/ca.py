"""The development CA: lets a fresh Kinora sign at once. It proves nothing to outsiders, since nobody but this Kinora trusts its root."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from kinora_provenance import credentials, secret_files
from kinora_provenance.credentials import Credentials
from kinora_provenance.signing_keys import in_file

_C2PA_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
_LEAF_DAYS, _RENEW_DAYS, _CA_DAYS = 365, 30, 3650
_Key = ec.EllipticCurvePrivateKey
_Issued = tuple[x509.Certificate, _Key]


def development(folder: Path) -> Credentials:
    """The CA's signing credentials; makes or renews them in `folder` where needed. Processes that share the folder wait for each other."""
    with secret_files.locked(folder):
        if not _lasts(folder / "intermediate.pem", _LEAF_DAYS + _RENEW_DAYS):
            _make_ca(folder)
        if not _lasts(folder / "leaf.pem", _RENEW_DAYS):
            _make_leaf(folder)
        return credentials.load(folder / "leaf.pem", partial(in_file, folder / "leaf.key"), folder / "root.pem", development=True)


def _make_ca(folder: Path) -> None:
    """A root whose key is forgotten once it has signed the intermediate: less lies about to be stolen."""
    root = _issue("DEVELOPMENT root", None, _CA_DAYS, path_length=1)
    intermediate = _issue("DEVELOPMENT intermediate", root, _CA_DAYS, path_length=0)
    (folder / "leaf.pem").unlink(missing_ok=True)
    secret_files.write(folder / "root.pem", _pem(root[0]))
    secret_files.write(folder / "intermediate.key", _key_pem(intermediate[1]))
    secret_files.write(folder / "intermediate.pem", _pem(intermediate[0]))


def _make_leaf(folder: Path) -> None:
    issuer_pem = (folder / "intermediate.pem").read_bytes()
    issuer_key = load_pem_private_key((folder / "intermediate.key").read_bytes(), password=None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)  # noqa: S101 - we wrote it
    leaf = _issue("DEVELOPMENT claim signer", (x509.load_pem_x509_certificate(issuer_pem), issuer_key), _LEAF_DAYS)
    secret_files.write(folder / "leaf.key", _key_pem(leaf[1]))
    secret_files.write(folder / "leaf.pem", _pem(leaf[0]) + issuer_pem)


def _issue(common_name: str, issuer: _Issued | None, days: int, path_length: int | None = None) -> _Issued:
    """C2PA Technical Specification 2.2, section 14.5.1: the certificate profile. A path length makes it a CA."""
    key, now, is_ca = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC), path_length is not None
    signer_name, signer_key = (issuer[0].subject, issuer[1]) if issuer else (_name(common_name), key)
    builder = (
        x509.CertificateBuilder(signer_name, _name(common_name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(is_ca, path_length), critical=True)
        .add_extension(_key_usage(is_ca=is_ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_key.public_key()), critical=False)
    )
    if not is_ca:
        # Validators without C2PA's own key usage in their list accept e-mail protection.
        usages = x509.ExtendedKeyUsage([_C2PA_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usages, critical=False)
    return builder.sign(signer_key, hashes.SHA256()), key


def _key_usage(*, is_ca: bool) -> x509.KeyUsage:
    no = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return x509.KeyUsage(digital_signature=not is_ca, key_cert_sign=is_ca, crl_sign=is_ca, **no)


def _name(common_name: str) -> x509.Name:
    # c2pa-rs wants an organisation to show as the issuer.
    parts = {NameOID.ORGANIZATION_NAME: "Kinora DEVELOPMENT, not trustworthy", NameOID.COMMON_NAME: common_name}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])


def _lasts(certificate: Path, days: int) -> bool:
    if not certificate.exists():
        return False
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc > datetime.now(UTC) + timedelta(days=days)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: _Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
