"""A key that never leaves AWS KMS. moto stands in for AWS, in this process."""

import boto3
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key
from kinora_provenance import credentials, manifest, signing, signing_keys
from kinora_provenance.credentials import CredentialsInvalid
from kinora_testkit.figures import figure
from moto import mock_aws
from moto.kms.models import KmsBackend

HASHES = {f"ECDSA_SHA_{bits}": getattr(hashes, f"SHA{bits}")() for bits in (256, 384, 512)} | {"RSASSA_PSS_SHA_256": hashes.SHA256()}


def _sign_digest(self, key_id, message, signing_algorithm):
    """As KMS does for the message type DIGEST, which moto does not know: it hashes what is a hash already."""
    private, known = self.describe_key(key_id).private_key.private_key, Prehashed(HASHES[signing_algorithm])
    rsa = signing_algorithm.startswith("RSA")
    signature = private.sign(message, PSS(MGF1(hashes.SHA256()), 32), known) if rsa else private.sign(message, ECDSA(known))
    return self.describe_key(key_id).arn, signature, signing_algorithm


@pytest.fixture
def kms(monkeypatch):
    """AWS, and a client of it."""
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "eu-central-1")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(KmsBackend, "sign", _sign_digest)
    with mock_aws():
        yield boto3.client("kms")


@pytest.fixture
def chain_for(operators_own):
    """Has a certificate issued for a key in KMS."""

    def issue(kms, key_id):
        return operators_own(load_der_public_key(kms.get_public_key(KeyId=key_id)["PublicKey"]))[0]

    return issue


@pytest.mark.parametrize(
    ("spec", "algorithm"), [("ECC_NIST_P256", "es256"), ("ECC_NIST_P384", "es384"), ("ECC_NIST_P521", "es512"), ("RSA_2048", "ps256")]
)
def test_a_film_is_signed_by_a_key_in_kms(kms, chain_for, film, clip, tmp_path, spec, algorithm):
    key_id = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/films", TargetKeyId=key_id)
    found = credentials.load(chain_for(kms, key_id), signing_keys.source("awskms:alias/films"))
    signed = signing.sign(manifest.definition(film(), with_parent=False), clip, tmp_path / "a.mp4", found)
    assert (found.algorithm, signed.state) == (algorithm, "Trusted")


def test_another_keys_certificate_is_refused(kms, operators_own):
    key_id = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(CredentialsInvalid, match="does not belong"):
        credentials.load(operators_own()[0], signing_keys.source(f"awskms:{key_id}"))


def test_a_key_that_c2pa_does_not_know_is_refused(kms):
    key_id = kms.create_key(KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    with pytest.raises(CredentialsInvalid, match="C2PA signs with"):
        signing_keys.in_kms(key_id)


def test_a_key_that_is_not_there_is_named(kms):
    errors = figure("kinora_kms_errors_total", operation="GetPublicKey")
    with pytest.raises(CredentialsInvalid, match="awskms:alias/none"):
        signing_keys.in_kms("alias/none")
    assert figure("kinora_kms_errors_total", operation="GetPublicKey") == errors + 1
