"""Any order of grants, revocations, follows, blocks, videos, removals, withdrawals and erasures: never one use outside consent.

A small run belongs to the suite; CONSENT_RUNS=500 CONSENT_STEPS=50 is the nightly size.
"""

import asyncio
import os
import threading
from contextlib import AsyncExitStack, contextmanager
from types import SimpleNamespace
from uuid import uuid4

import jwt
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.events_pb2 import CameoInVideo, VideoCompleted, VideoDeleted, VideoFailed, VideoQueued
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_cameo import change_consent, consumers
from kinora_cameo.erase import account_erased
from kinora_cameo.main import build
from kinora_kit import log
from kinora_kit.errors import RemoteError, remote_errors
from kinora_kit.identity import Identity
from kinora_testkit.cast import as_user
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from sqlalchemy import text

RUNS, STEPS = int(os.environ.get("CONSENT_RUNS", "20")), int(os.environ.get("CONSENT_STEPS", "40"))
AUDIENCES = {
    "everyone": pb.AUDIENCE_EVERYONE,
    "approved": pb.AUDIENCE_APPROVED,
    "mutuals": pb.AUDIENCE_MUTUALS,
    "only_me": pb.AUDIENCE_ONLY_ME,
}
# What lets videos through is listed first and more often: refused submissions alone would prove little.
AUDIENCE = st.sampled_from(["everyone", "everyone", *AUDIENCES])
SELDOM = st.sampled_from([False] * 7 + [True])
MOSTLY = st.sampled_from([True] * 5 + [False])
TIE = st.sampled_from([(True, False), (True, False), (False, False), (False, True)])  # follows, blocks
PEOPLE = st.sampled_from(["bob", "cleo", "dan"])
OTHERS = st.sampled_from(["cleo", "dan"])
SERVICE = Identity("generation", "service")


class World:
    """The real service over real gRPC and Postgres, on a loop of its own, for a test that cannot wait."""

    def __init__(self, postgres_url, *neighbours):
        self._neighbours = neighbours
        self._loop, self._stack = asyncio.new_event_loop(), AsyncExitStack()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.run(self._start(postgres_url))

    async def _start(self, postgres_url):
        url = await self._stack.enter_async_context(fresh_database(postgres_url))
        served = await self._stack.enter_async_context(serving(build, *self._neighbours, database_url=url))
        self._stub, self._database = CameoServiceStub(served.channel), served.services[0].database

    def close(self):
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def ask(self, who, rpc, **fields):
        request = getattr(pb, rpc + "Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = uuid4().hex

        async def call():
            with remote_errors():
                return await getattr(self._stub, rpc)(request, metadata=as_user(who))

        return self.run(call())

    def answer(self, who, rpc, **fields):
        """ "ok", or the reason of the refusal."""
        try:
            self.ask(who, rpc, **fields)
        except RemoteError as error:
            return error.reason
        return "ok"

    def hear(self, handler, event):
        async def handle():
            async with self._database.begin() as tx:
                await handler(tx, event)

        self.run(handle())

    def tie(self, *pair, follows, blocks):
        self.run(change_consent.tie(self._database, *pair, follows=follows, blocks=blocks))

    def sql(self, statement, **bound):
        async def execute():
            async with self._database.begin() as tx:
                result = await tx.execute(text(statement), bound)
                return result.all() if result.returns_rows else []

        return self.run(execute())


class Consent(RuleBasedStateMachine):
    """bob lends his likeness; cleo and dan use it. What should be allowed is kept in plain words beside the service."""

    def __init__(self, world):
        super().__init__()
        self.world, self.run_id = world, uuid4().hex[:8]

    @initialize(audience=AUDIENCE, fresh=SELDOM)
    def begins(self, audience, fresh):
        self.identities = {
            name: Identity(f"acct_{name}_{self.run_id}", age_band="adult", stepped_up=True) for name in ("bob", "cleo", "dan")
        }
        self.ties = {}
        self.videos, self.known = [], set()
        self.has_no_cameo()
        self.enrol(audience, fresh=fresh)

    def has_no_cameo(self):
        self.cameo = None
        self.audience, self.fresh, self.strict, self.limited, self.decided = "only_me", True, False, False, {}

    # --- what should be allowed

    def may(self, who, *, speaks):
        if self.cameo is None:
            return False
        if who == "bob":
            return True
        (follows, blocks), (followed, blocked) = self.tied(who, "bob"), self.tied("bob", who)
        approved = {name for name, said in self.decided.items() if said}
        mutuals = approved | ({who} if follows and followed else set())
        circle = {"only_me": set(), "approved": approved, "mutuals": mutuals, "everyone": {"cleo", "dan"}}[self.audience]
        refused = blocks or blocked or self.decided.get(who) is False or self.fresh
        return who in circle and not refused and not self.limited and not (self.strict and speaks)

    def tied(self, one, other):
        return self.ties.get((one, other), (False, False))

    def consent_changed(self):
        for video in self.videos:
            if video.told and not video.completed and not self.still_may(video):
                video.doomed = True

    def still_may(self, video):
        return video.cameo_id == getattr(self.cameo, "id", None) and self.may(video.maker, speaks=video.speaks)

    # --- the owner

    @precondition(lambda self: self.cameo is None)
    @rule(audience=AUDIENCE, fresh=SELDOM)
    def enrol(self, audience, *, fresh):
        self.cameo = self.world.ask(self.identities["bob"], "EnrolPerson", session_id=f"live_{uuid4().hex}").cameo
        self.known.add(self.cameo.id)
        self.open_or_close(audience)
        if not fresh:
            self.a_day_passes()

    @precondition(lambda self: self.cameo)
    @rule()
    def is_filmed_anew(self):
        """The same face: nothing else changes."""
        renewed = self.world.ask(self.identities["bob"], "EnrolPerson", session_id=f"live_{uuid4().hex}").cameo
        assert (renewed.id, renewed.handle) == (self.cameo.id, self.cameo.handle)

    @precondition(lambda self: self.cameo and self.fresh)
    @rule()
    def a_day_passes(self):
        self.world.sql("update cameos set only_me_until = now() where id = :id", id=self.cameo.id)
        self.fresh = False

    @precondition(lambda self: self.cameo)
    @rule(audience=AUDIENCE)
    def open_or_close(self, audience):
        self.world.ask(self.identities["bob"], "ChangeConsent", cameo_id=self.cameo.id, audience=AUDIENCES[audience])
        self.audience = audience
        self.consent_changed()

    @precondition(lambda self: self.cameo)
    @rule(strict=SELDOM, limited=SELDOM)
    def set_limits(self, strict, limited):
        limits = pb.Limits(texts=["no politics"] if limited else [])
        self.world.ask(self.identities["bob"], "ChangeConsent", cameo_id=self.cameo.id, strict=strict, limits=limits)
        self.strict, self.limited = strict, limited
        self.consent_changed()

    @precondition(lambda self: self.cameo)
    @rule(who=OTHERS, approved=MOSTLY)
    def grant_or_revoke(self, who, approved):
        self.world.ask(self.identities["bob"], "DecideOnPerson", cameo_id=self.cameo.id, account_id=self.id(who), approved=approved)
        self.decided[who] = approved
        self.consent_changed()

    @rule(who=OTHERS, there=TIE, back=TIE)
    def follow_or_block(self, who, there, back):
        for pair, (follows, blocks) in (((who, "bob"), there), (("bob", who), back)):
            self.world.tie(*map(self.id, pair), follows=follows, blocks=blocks)
            self.ties[pair] = (follows, blocks)
            self.consent_changed()
        self.generates(who, speaks=False)

    @precondition(lambda self: self.cameo and self.videos)
    @rule(remove=st.booleans(), again=MOSTLY)
    def withdraw(self, remove, again):
        self.world.ask(self.identities["bob"], "WithdrawCameo", cameo_id=self.cameo.id, remove_videos=remove)
        for video in self.videos:
            if remove and video.completed and video.cameo_id == self.cameo.id:
                video.removed = True
        self.has_no_cameo()
        self.consent_changed()
        if again:
            self.enrol("everyone", fresh=False)

    @precondition(lambda self: self.listed())
    @rule(data=st.data())
    def delete_any_video(self, data):
        video = data.draw(st.sampled_from(self.listed()))
        self.world.ask(self.identities["bob"], "RemoveUse", cameo_id=video.cameo_id, video_id=video.id)
        video.removed = video.doomed = True

    @precondition(lambda self: self.videos)
    @rule(again=MOSTLY)
    def erase_the_owner(self, again):
        self.world.hear(account_erased, AccountErased(account_id=self.id("bob")))
        for video in self.videos:
            if video.told:
                video.removed = video.doomed = True
        self.known.clear()
        self.has_no_cameo()
        self.forget_ties("bob")
        self.nothing_is_left_of("bob")
        if again:  # as somebody new under the old name
            self.enrol("everyone", fresh=False)

    @precondition(lambda self: self.videos)
    @rule(who=OTHERS)
    def erase_a_user(self, who):
        self.world.hear(account_erased, AccountErased(account_id=self.id(who)))
        self.videos = [video for video in self.videos if video.maker != who]
        self.decided.pop(who, None)
        self.forget_ties(who)
        self.nothing_is_left_of(who)

    def forget_ties(self, who):
        self.ties = {pair: tie for pair, tie in self.ties.items() if who not in pair}

    def nothing_is_left_of(self, who):
        operator = Identity("acct_ada", "operator", frozenset({"admin"}))
        left = self.world.ask(operator, "FindRemains", account_id=self.id(who))
        assert (dict(left.rows), left.keys) == ({}, 0)

    # --- videos

    @precondition(lambda self: self.cameo)
    @rule()
    def everybody_generates(self):
        for maker in self.identities:
            self.generates(maker, speaks=False)

    @rule(maker=PEOPLE, speaks=st.booleans())
    def generate(self, maker, speaks):
        self.generates(maker, speaks=speaks)

    def generates(self, maker, *, speaks):
        video = SimpleNamespace(
            id=f"video_{uuid4().hex}", maker=maker, speaks=speaks, cameo_id="",
            told=False, dispatched=False, published=False, completed=False, doomed=False, removed=False,
        )  # fmt: skip
        if self.authorized(video, pb.STAGE_SUBMIT, self.may(maker, speaks=speaks), "CameoNotForYou", "CameoLimited"):
            video.cameo_id = self.cameo.id
            self.videos.append(video)

    @precondition(lambda self: self.at(completed=False))
    @rule(data=st.data(), steps=st.integers(1, 4))
    def a_video_goes_on(self, data, steps):
        video = data.draw(st.sampled_from(self.at(completed=False)))
        for _ in range(steps):
            self.goes_on(video)

    @precondition(lambda self: self.at(completed=False))
    @rule()
    def all_videos_go_on(self):
        for video in self.at(completed=False):
            self.goes_on(video)

    @precondition(lambda self: self.at(told=False))
    @rule()
    def an_engine_is_free_before_the_queue_has_told(self):
        self.dispatch(self.at(told=False)[0])

    def goes_on(self, video):
        if not video.told:
            self.the_queue_tells(video)
        elif not video.dispatched:
            self.dispatch(video)
        elif not video.published:
            self.publish(video)
        elif not video.completed:
            self.complete(video)

    def the_queue_tells(self, video):
        member = CameoInVideo(cameo_id=video.cameo_id, handle=self.handle, speaks=video.speaks)
        self.world.hear(consumers.queued, VideoQueued(video_id=video.id, account_id=self.id(video.maker), cameos=[member]))
        video.told, video.doomed = True, not self.still_may(video)

    def dispatch(self, video):
        video.dispatched = self.authorized(video, pb.STAGE_DISPATCH, video.told and not video.doomed, "ConsentRevoked", "UseNotKnown")

    def publish(self, video):
        video.published = self.authorized(video, pb.STAGE_PUBLISH, not video.doomed, "ConsentRevoked", "UseNotKnown")

    def complete(self, video):
        self.world.hear(consumers.completed, VideoCompleted(video_id=video.id, video_key=f"videos/{video.id}/video.mp4"))
        video.completed, video.removed = True, video.removed or video.doomed

    @precondition(lambda self: self.videos)
    @rule(data=st.data(), event=st.sampled_from([VideoFailed, VideoDeleted]))
    def end(self, data, event):
        video = data.draw(st.sampled_from(self.videos))
        if video.told:
            self.world.hear(consumers.ended, event(video_id=video.id))
            self.videos.remove(video)

    def authorized(self, video, stage, allowed, *reasons):
        """What the service says, which has to be what should be allowed."""
        request = {"stage": stage, "account_id": self.id(video.maker), "video_id": video.id}
        cast = [pb.CastMember(handle=self.handle, speaks=video.speaks)]
        answer = self.world.answer(SERVICE, "Authorize", cast=cast, **request)
        assert (answer == "ok") == allowed, f"{answer} at stage {stage}, where consent is {allowed}"
        assert allowed or answer in reasons
        if allowed and stage == pb.STAGE_PUBLISH:
            (receipt,) = self.world.sql("select receipt from uses where video_id = :id", id=video.id)
            claims = jwt.decode(receipt.receipt, options={"verify_signature": False})
            assert (claims["grantee"], claims["scope"]["video"]) == (request["account_id"], video.id)
        return allowed

    # --- always

    @invariant()
    def what_lost_its_consent_was_told_of(self):
        if lost := [video.id for video in getattr(self, "videos", []) if video.doomed or video.removed]:
            rows = self.world.sql("select distinct key from outbox where key = any(:ids)", ids=lost)
            assert {row.key for row in rows} == set(lost)

    @invariant()
    def nothing_is_shown_without_consent(self):
        shown = [video for video in getattr(self, "videos", []) if video.completed and not video.removed]
        assert all(video.published and not video.doomed for video in shown)

    @property
    def handle(self):
        return f"@bob_{self.run_id}"

    def id(self, name):
        return self.identities[name].account_id

    def at(self, **facts):
        return [video for video in self.videos if all(getattr(video, name) == value for name, value in facts.items())]

    def listed(self):
        """The videos that bob sees: of withdrawn cameos too, of erased ones no more."""
        return [video for video in self.videos if video.told and video.cameo_id in self.known]


@contextmanager
def _world(postgres_url, *neighbours):
    world = World(postgres_url, *neighbours)
    try:
        yield world
    finally:
        world.close()


@pytest.mark.timeout(1800)
def test_never_one_use_outside_consent(postgres_url, make_neighbours):
    log.setup("error")
    size = settings(max_examples=RUNS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    with _world(postgres_url, *make_neighbours()) as world:
        run_state_machine_as_test(lambda: Consent(world), settings=size)
