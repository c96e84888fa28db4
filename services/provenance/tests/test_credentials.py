import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from kinora_provenance import ca, credentials
from kinora_provenance.credentials import CredentialsInvalid
from kinora_provenance.settings import Settings
from kinora_provenance.signing_keys import in_file
from pydantic import ValidationError


def test_the_development_ca_is_made_once_and_says_what_it_is(tmp_path):
    first, second = ca.development(tmp_path / "ca"), ca.development(tmp_path / "ca")
    assert first == second
    assert first.development
    assert all("DEVELOPMENT" in cert.subject.rfc4514_string() for cert in x509.load_pem_x509_certificates(first.chain + first.anchors))


def test_only_this_user_can_read_the_development_keys(tmp_path):
    ca.development(tmp_path / "ca")
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ca").glob("*.*")} == {0o600}


def test_processes_that_start_together_make_one_ca(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len({found.chain for found in pool.map(ca.development, [tmp_path / "ca"] * 8)}) == 1


def test_a_certificate_that_soon_expires_is_renewed_under_the_same_root(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ca, "_LEAF_DAYS", 29)
        old = ca.development(tmp_path)
    new = ca.development(tmp_path)
    assert new.chain != old.chain
    assert new.anchors == old.anchors
    assert ca.development(tmp_path) == new


def test_a_ca_that_soon_expires_is_replaced(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ca, "_CA_DAYS", 390)
        old = ca.development(tmp_path)
    assert ca.development(tmp_path).anchors != old.anchors


def load(certificates, key):
    return credentials.load(certificates, partial(in_file, key))


def test_an_operators_own_certificate_signs(operators_own):
    found = load(*operators_own())
    assert (found.algorithm, found.signer, found.development) == ("es256", "CN=Films signer,O=Films Ltd", False)


def test_another_key_is_refused(operators_own):
    with pytest.raises(CredentialsInvalid, match="does not belong"):
        load(operators_own()[0], operators_own()[1])


WEAK_RSA = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is why it is refused


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256K1()), WEAK_RSA], ids=["secp256k1", "rsa1024"])
def test_a_key_that_c2pa_does_not_know_is_refused(operators_own, key):
    with pytest.raises(CredentialsInvalid, match="C2PA signs with"):
        load(*operators_own(key))


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(operators_own, tmp_path, content):
    (tmp_path / "chain.pem").write_bytes(content)
    with pytest.raises(CredentialsInvalid, match=r"chain\.pem"):
        load(tmp_path / "chain.pem", operators_own()[1])


def test_an_expired_certificate_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(ca, "_LEAF_DAYS", -0.5)
    with pytest.raises(CredentialsInvalid, match="is valid from"):
        ca.development(tmp_path)


def test_renewed_files_are_taken_up(operators_own):
    here, there = operators_own(), operators_own()
    before = load(*here)
    for target, source in zip(here, there, strict=True):
        shutil.copy(source, target)
    assert load(*here) != before


def test_a_certificate_without_its_key_is_a_mistake(monkeypatch):
    monkeypatch.setenv("PROVENANCE_SIGNING_KEY", "/key.pem")
    with pytest.raises(ValidationError, match="PROVENANCE_SIGNING_CERTIFICATES"):
        Settings()
