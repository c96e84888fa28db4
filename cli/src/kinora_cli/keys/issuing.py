"""A small certificate authority for mutual TLS between services; PEM texts by the names that Kubernetes gives them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS, _CERTIFICATE_DAYS, _RENEW_DAYS = 3650, 90, 30
_SKEW = timedelta(minutes=5)  # clocks differ
_Pem = Mapping[str, str]


def authority(release: str) -> _Pem:
    """A new root: `tls.crt` and `tls.key`."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(f"{release} services")
    builder = _builder(name, name, key, _AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign_certificates=True), critical=True)
    return {"tls.crt": _pem(builder.sign(key, hashes.SHA256())), "tls.key": _key_pem(key)}


def certificate(issuer: _Pem, names: Sequence[str]) -> _Pem:
    """For server and client under the DNS `names`, the first being the subject: `tls.crt`, `tls.key` and the issuer as `ca.crt`."""
    root, root_key = x509.load_pem_x509_certificate(issuer["tls.crt"].encode()), load_pem_private_key(issuer["tls.key"].encode(), None)
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)  # noqa: S101 - ours
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_name(names[0]), root.subject, key, _CERTIFICATE_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(sign_certificates=False), critical=True)
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    return {"tls.crt": _pem(builder.sign(root_key, hashes.SHA256())), "tls.key": _key_pem(key), "ca.crt": issuer["tls.crt"]}


def ends_soon(held: _Pem, issuer: _Pem) -> bool:
    """Whether a certificate must be issued anew: it has less than a month, or comes from another authority."""
    ends = x509.load_pem_x509_certificate(held["tls.crt"].encode()).not_valid_after_utc
    return held.get("ca.crt") != issuer["tls.crt"] or ends < datetime.now(UTC) + timedelta(days=_RENEW_DAYS)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), now - _SKEW, now + timedelta(days=days))


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    no = dict.fromkeys(("content_commitment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    only = {"digital_signature": not sign_certificates, "key_encipherment": False}
    return x509.KeyUsage(key_cert_sign=sign_certificates, crl_sign=sign_certificates, **only, **no)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _pem(found: x509.Certificate) -> str:
    return found.public_bytes(Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
