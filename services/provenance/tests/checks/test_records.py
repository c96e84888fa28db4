"""What may be told of a film to whoever holds a copy of it."""

from uuid import uuid4

import pytest
from kinora.cameo.v1.cameo_service_pb2 import VideoConsent
from kinora.generation.v1.events_pb2 import VideoDeleted
from kinora.identity.v1 import identity_service_pb2 as accounts
from kinora.provenance.v1 import provenance_service_pb2 as own
from kinora.provenance.v1.provenance_service_pb2_grpc import ProvenanceServiceStub
from kinora_kit.identity import Identity
from kinora_provenance import soft_binding
from kinora_testkit.cast import as_user


@pytest.fixture
def noted(kinora):
    """A film on record; nothing is rendered for it."""

    async def note(account_id="acct_bob", remixed_from=None):
        video_id = f"video_{uuid4().hex}"
        await kinora.sql(
            "insert into films (identity, video_id, attempt_id, account_id, remixed_from_video_id, engine, engine_version, trained)"
            " values (:identity, :video_id, 'att_1', :account_id, :remixed_from, 'world', '1.2', false)",
            identity=uuid4().int >> 66, video_id=video_id, account_id=account_id, remixed_from=remixed_from,
        )  # fmt: skip
        return video_id

    return note


@pytest.fixture
def record(kinora):
    async def of(video_id):
        return (await kinora.ask("GetRecord", video_id=video_id)).record

    return of


@pytest.mark.parametrize(
    ("age_band", "chosen", "handle"),
    [
        (accounts.AGE_BAND_ADULT, None, True),
        (accounts.AGE_BAND_TEEN, None, False),
        (accounts.AGE_BAND_UNSPECIFIED, None, False),
        (accounts.AGE_BAND_ADULT, False, False),
        (accounts.AGE_BAND_TEEN, True, True),
    ],
)
async def test_a_maker_is_named_as_they_chose_and_the_young_not_by_default(kinora, noted, record, age_band, chosen, handle):
    maker = f"acct_{uuid4().hex}"
    kinora.neighbours.ages[maker] = age_band
    if chosen is not None:
        request = own.SetCreditRequest(request_id=uuid4().hex, named=chosen)
        await ProvenanceServiceStub(kinora.channel).SetCredit(request, metadata=as_user(Identity(maker)))
    assert (await record(await noted(maker))).maker_handle == (f"@{maker[5:]}" if handle else "")


async def test_lineage_is_told_nearest_first_and_who_made_each(kinora, noted, record):
    first = await noted("acct_cleo")
    second = await noted("acct_bob", remixed_from=first)
    await kinora.sql("update films set deleted_at = now() where video_id = :id", id=second)
    third = await record(await noted("acct_cleo", remixed_from=second))
    assert [(each.video_id, each.maker_handle, each.deleted) for each in third.lineage] == [(second, "@bob", True), (first, "@cleo", False)]


async def test_an_ancestor_of_an_erased_maker_has_no_name_and_no_id(noted, record):
    told = await record(await noted(remixed_from="video_of_somebody_erased"))
    assert [(each.video_id, each.made_at, each.deleted) for each in told.lineage] == [("", 0, True)]


async def test_a_line_of_remixes_is_told_fifty_deep_and_no_deeper(noted, record):
    video_id = await noted()
    for _ in range(55):
        video_id = await noted(remixed_from=video_id)
    assert len((await record(video_id)).lineage) == 50


async def test_consent_is_told_as_it_stands_now(kinora, noted, record):
    video_id = await noted()
    for state in (VideoConsent.STATE_GIVEN, VideoConsent.STATE_WITHDRAWN):
        kinora.neighbours.consents[video_id] = [VideoConsent(cameo_id="cameo_1", handle="@cleo", state=state)]
        assert [each.state for each in (await record(video_id)).consents] == [state]


@pytest.mark.parametrize("unknown", ["video_0", "", "'; drop table films", "\0"])
async def test_what_never_left_has_no_record(record, unknown, refused):
    with refused("FilmNotFound", "video_id"):
        await record(unknown)


async def test_a_binding_leads_to_the_manifest_and_back(kinora, film):
    video_id, _ = film
    label = (await kinora.ask("GetRecord", video_id=video_id)).record.manifest_label
    (identity,) = await kinora.sql("select identity from films where video_id = :id", id=video_id)
    value = soft_binding.value(identity.identity % (1 << 64))
    for algorithm in (await kinora.ask("ListBindings")).watermarks:
        assert list((await kinora.ask("FindByBinding", algorithm=algorithm, value=value)).manifest_labels) == [label]
    assert (await kinora.ask("GetManifest", manifest_label=label)).manifest in film[1]


async def test_the_active_manifest_can_be_had_alone(kinora, draw, film):
    video_id, _ = await kinora.seal(draw(5), remixed_from_video_id=film[0])
    label = (await kinora.ask("GetRecord", video_id=video_id)).record.manifest_label
    whole, alone = [(await kinora.ask("GetManifest", manifest_label=label, active_only=only)).manifest for only in (False, True)]
    assert len(alone) < len(whole)
    assert int.from_bytes(alone[:4], "big") == len(alone)
    assert label.encode() in alone
    assert alone.count(b"jumdc2ma") == 1 < whole.count(b"jumdc2ma")


@pytest.mark.parametrize(("algorithm", "value", "param"), [("x", "AAAA", "algorithm"), ("org.kinora.mark.picture.1", "nö", "value")])
async def test_what_is_no_binding_of_ours_is_refused(kinora, algorithm, value, param, refused):
    with refused("BadField", param):
        await kinora.ask("FindByBinding", algorithm=algorithm, value=value)


async def test_an_id_that_nobody_has_leads_nowhere(kinora):
    found = await kinora.ask("FindByBinding", algorithm="org.kinora.mark.picture.1", value=soft_binding.value(1))
    assert not found.manifest_labels


async def test_the_manifest_of_a_deleted_film_is_gone(kinora, draw, eventually, refused):
    video_id, _ = await kinora.seal(draw(6))
    label = (await kinora.ask("GetRecord", video_id=video_id)).record.manifest_label
    await kinora.tell(VideoDeleted(video_id=video_id), video_id)

    async def gone():
        return not await kinora.sql("select 1 from seals where video_id = :id", id=video_id)

    await eventually(gone)
    with refused("ManifestNotFound", "manifest_label"):
        await kinora.ask("GetManifest", manifest_label=label)
