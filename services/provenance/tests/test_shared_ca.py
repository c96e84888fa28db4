"""Replicas that share a database and no folder sign, and are believed, as one."""

from kinora_provenance import ca
from kinora_provenance.main import build
from kinora_testkit.services import serving


async def anchors(database_url, state_dir):
    async with serving(build, database_url=database_url, state_dir=state_dir):
        found = ca.development(state_dir / "ca")
        return found.anchors, found.chain


async def test_a_replica_with_a_fresh_folder_takes_over_the_ca_that_is_there(database_url, tmp_path):
    first, other = await anchors(database_url, tmp_path / "first"), await anchors(database_url, tmp_path / "other")
    assert other[0] == first[0]
    assert other[1] != first[1]  # each has a signing certificate of its own


async def test_a_replica_that_starts_again_goes_on_with_its_own(database_url, tmp_path):
    assert await anchors(database_url, tmp_path) == await anchors(database_url, tmp_path)
