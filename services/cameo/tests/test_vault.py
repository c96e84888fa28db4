import asyncio
from base64 import b64encode

import pytest
from kinora_cameo import keyring, store
from kinora_cameo.keyring import Keyring, MasterKeyInvalid
from kinora_cameo.main import build
from kinora_cameo.vault import PackageLost, Vault

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture
def media(served):
    return served.adapters.media


async def test_a_package_lies_encrypted_and_opens_again(media):
    vault = Vault(media, Keyring({"a": OLD}))
    sealed = await vault.put("cameo_1", "cameos/acct_v/one", b"a face" * 100)
    assert b"face" not in await media.get(sealed.blob)
    assert await vault.open("cameo_1", sealed) == b"a face" * 100


async def test_equal_packages_look_different(media):
    vault = Vault(media, Keyring({"a": OLD}))
    one, two = [await vault.put("cameo_1", f"cameos/acct_v/{n}", b"a face") for n in range(2)]
    assert await media.get(one.blob) != await media.get(two.blob)
    assert one.key.key != two.key.key


async def test_a_package_opens_for_its_own_cameo_alone(media):
    vault = Vault(media, Keyring({"a": OLD}))
    sealed = await vault.put("cameo_1", "cameos/acct_v/two", b"a face")
    with pytest.raises(MasterKeyInvalid):
        await vault.open("cameo_2", sealed)


async def test_a_changed_or_missing_blob_is_noticed(media):
    vault = Vault(media, Keyring({"a": OLD}))
    sealed = await vault.put("cameo_1", "cameos/acct_v/three", b"a face")
    blob = bytearray(await media.get(sealed.blob))
    blob[-1] ^= 1
    await media.put(sealed.blob, bytes(blob), content_type="application/octet-stream")
    with pytest.raises(PackageLost):
        await vault.open("cameo_1", sealed)
    await media.delete(sealed.blob)
    with pytest.raises(PackageLost):
        await vault.open("cameo_1", sealed)


async def test_after_a_change_of_master_keys_old_packages_open_and_new_ones_use_the_new(media):
    sealed = await Vault(media, Keyring({"old": OLD})).put("cameo_1", "cameos/acct_v/four", b"a face")
    ring = Vault(media, Keyring({"old": OLD, "new": NEW}))
    assert await ring.open("cameo_1", sealed) == b"a face"
    assert (await ring.put("cameo_1", "cameos/acct_v/five", b"x")).key.master_id == "new"
    with pytest.raises(MasterKeyInvalid, match="not in the ring"):
        await Vault(media, Keyring({"new": NEW})).open("cameo_1", sealed)


@pytest.mark.parametrize("keys", [{"a": "c2hvcnQ="}, {"a": "not base64!"}, {"a": ""}])
def test_wrong_master_keys_stop_the_start(served, monkeypatch, keys):
    monkeypatch.setenv("CAMEO_MASTER_KEYS", str(keys).replace("'", '"'))
    with pytest.raises(MasterKeyInvalid):
        build(served.adapters)


def test_an_operators_own_master_keys_are_taken():
    assert keyring.given({"2026": b64encode(NEW).decode()})


async def test_replicas_that_start_together_make_one_local_key(tmp_path):
    rings = await asyncio.gather(*(asyncio.to_thread(keyring.local, tmp_path) for _ in range(8)))
    wrapped = await rings[0].wrap(b"k" * 32, "c")
    assert all([await ring.unwrap(wrapped, "c") == b"k" * 32 for ring in rings])
    assert (tmp_path / keyring.FILE).stat().st_mode & 0o777 == 0o600


async def test_what_is_stored_holds_neither_the_likeness_nor_its_key(bob, enrol, likeness, served, sql):
    likeness.words["liveness/live_vault.webm"] = b"an unmistakable face"
    cameo = await enrol(bob, session_id="live_vault")
    dump = str([await sql("table " + name) for name in ("cameos", "packages", "replies", "outbox", "enrolments")])
    assert cameo.id in dump
    assert "unmistakable" not in dump
    async with served.services[0].database.begin() as tx:
        sealed = await store.get_package(tx, cameo.id)
    opened = await Vault(served.adapters.media, keyring.local(served.adapters.state_dir)).open(cameo.id, sealed)
    assert b"an unmistakable face" in opened
