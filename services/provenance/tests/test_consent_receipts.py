"""Receipts of consent travel in the seal, and are checked with the public key alone."""

import json
from base64 import urlsafe_b64encode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from kinora_cli import receipts
from kinora_cli.main import app
from kinora_cli.receipts import ReceiptInvalid
from kinora_provenance import ca, manifest, signing
from kinora_provenance.signing import Parent
from typer.testing import CliRunner

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def jwks(key=KEY):
    x = urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k1", "alg": "EdDSA"}]}


def receipt(cameo="cameo_1", video="video_1", key=KEY, typ=receipts.TYPE, **changes):
    claims = {
        "iss": "https://kinora.example", "jti": "receipt_1", "iat": 1_700_000_000, "cameo": cameo, "handle": "@cleo",
        "grant": {"id": "grant_1", "basis": "approval"}, "grantee": "acct_bob", "scope": {"video": video},
    }  # fmt: skip
    return jwt.encode(claims | changes, key, algorithm="EdDSA", headers={"kid": "k1", "typ": typ})


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return ca.development(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def sealed(film, clip, signer, tmp_path):
    def seal(*given, name="video_1", parent=None, **fields):
        path = tmp_path / f"{name}.mp4"
        made = film(video_id=name, consent_receipts=list(given), **fields)
        definition = manifest.definition(made, with_parent=parent is not None)
        signing.sign(definition, clip, path, signer, parent=parent and Parent(made.remixed_from_video_id, parent))
        return path

    return seal


def test_a_receipt_comes_out_of_the_film_as_it_went_in(sealed, signer):
    (found,) = receipts.verify(sealed(receipt()), jwks(), signer.anchors)
    assert (found.handle, found.cameo, found.grantee, found.video) == ("@cleo", "cameo_1", "acct_bob", "video_1")
    assert (found.grant, found.basis, int(found.issued_at.timestamp())) == ("grant_1", "approval", 1_700_000_000)


def test_the_manifest_names_each_likeness_as_a_component(sealed, signer):
    verdict = signing.verify(sealed(receipt(), receipt("cameo_2", handle="@bob.rex")), signer.anchors)
    manifest = verdict.store["manifests"][verdict.label]
    shown = [(one["title"], one["relationship"], one["instance_id"]) for one in manifest["ingredients"]]
    assert shown == [("@cleo", "componentOf", "urn:kinora:cameo:cameo_1"), ("@bob.rex", "componentOf", "urn:kinora:cameo:cameo_2")]
    assert [action["action"] for action in manifest["assertions"][0]["data"]["actions"]] == ["c2pa.created", "c2pa.placed", "c2pa.placed"]
    assert verdict.state == "Trusted"


def test_a_remix_has_its_own_receipts_beside_its_parent(sealed, signer):
    parent = sealed(receipt())
    remix = sealed(receipt(video="video_2"), name="video_2", parent=parent, remixed_from_video_id="video_1")
    assert [found.video for found in receipts.verify(remix, jwks())] == ["video_2"]
    assert signing.verify(remix, signer.anchors).state == "Trusted"


def test_a_film_without_likenesses_needs_no_receipt(sealed):
    assert receipts.verify(sealed(), jwks()) == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (receipt(key=OTHER), "not signed by one of these keys"),
        (receipt(video="video_9"), "was given for video_9; this film is video_1"),
        (receipt(typ="JWT"), "of type 'JWT'"),
        (receipt(scope={}), "incomplete"),
    ],
)
def test_a_wrong_receipt_is_noticed(sealed, given, why):
    with pytest.raises(ReceiptInvalid, match=why):
        receipts.verify(sealed(given), jwks())


@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_changed_character_breaks_a_receipt(sealed, part):
    parts = receipt().split(".")
    changed = json.loads(json.dumps(parts))
    middle = len(parts[part]) // 2
    changed[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]
    with pytest.raises((ReceiptInvalid, ValueError)):
        receipts.verify(sealed(".".join(changed)), jwks())


def test_a_likeness_without_a_receipt_is_noticed(sealed, monkeypatch):
    monkeypatch.setattr("kinora_provenance.likeness_claims.consent", lambda _: [])
    with pytest.raises(ReceiptInvalid, match="do not match: urn:kinora:cameo:cameo_1"):
        receipts.verify(sealed(receipt()), jwks())


def test_a_changed_film_and_one_without_a_manifest_prove_nothing(sealed, clip):
    path = sealed(receipt())
    changed = bytearray(path.read_bytes())
    changed[-500] ^= 1
    path.write_bytes(changed)
    with pytest.raises(ReceiptInvalid, match="changed after it was signed"):
        receipts.verify(path, jwks())
    with pytest.raises(ReceiptInvalid, match="no C2PA manifest"):
        receipts.verify(clip, jwks())


def test_a_film_signed_by_strangers_does_not_stand_before_the_anchors(sealed, tmp_path):
    strangers = ca.development(tmp_path / "strangers").anchors
    with pytest.raises(ReceiptInvalid, match="vouch"):
        receipts.verify(sealed(receipt()), jwks(), strangers)


@pytest.mark.parametrize(("key", "code", "says"), [(KEY, 0, "each with a valid receipt"), (OTHER, 1, "not signed by one of these keys")])
def test_the_command_tells_it_in_words(sealed, tmp_path, key, code, says):
    (tmp_path / "keys.json").write_text(json.dumps(jwks(key)))
    told = CliRunner().invoke(app, ["receipts", str(sealed(receipt())), "--keys", str(tmp_path / "keys.json")])
    assert (told.exit_code, says in " ".join(told.output.split())) == (code, True)


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"keys": []}', '{"keys": [{}]}', "\0"])
def test_keys_that_are_none_are_a_clear_error(sealed, tmp_path, wrong):
    (tmp_path / "keys.json").write_text(wrong)
    told = CliRunner().invoke(app, ["receipts", str(sealed(receipt())), "--keys", str(tmp_path / "keys.json")])
    assert (told.exit_code, told.output.startswith("kinora:"), type(told.exception)) == (1, True, SystemExit)
