"""Any order of starts, captures, verdicts, reviews, redemptions and passing time: one session, one likeness each, and no clip left over."""

import asyncio
import threading
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_identity.consumers import enrolled
from kinora_identity.main import build
from kinora_kit import log
from kinora_kit.errors import RemoteError
from kinora_testkit.postgres import fresh_database
from kinora_testkit.services import serving
from sqlalchemy import text

RUNS, STEPS = 20, 25
PATIENCE_S = 30
VERDICTS = st.sampled_from(["approved", "approved", "review", "review", "retry", "declined"])
UNCAPTURED = ("created", "capturing")


class World:
    """The real service over real gRPC and Postgres, on a loop of its own, for a test that cannot wait."""

    def __init__(self, postgres_url, eyes):
        self._loop, self._stack = asyncio.new_event_loop(), AsyncExitStack()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.run(self._start(postgres_url, eyes))

    async def _start(self, postgres_url, eyes):
        url = await self._stack.enter_async_context(fresh_database(postgres_url))
        self.served = await self._stack.enter_async_context(serving(build, eyes.build, database_url=url))
        self.database = self.served.services[0].database

    def close(self):
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)

    def sql(self, statement, **bound):
        async def execute():
            async with self.database.begin() as tx:
                result = await tx.execute(text(statement), bound)
                return result.all() if result.returns_rows else []

        return self.run(execute())


class Sessions(RuleBasedStateMachine):
    """What should be is kept in plain words beside the service: `state` by session, `failed`: tries that count, `given`: who redeemed."""

    def __init__(self, world, lend, eventually, clip_that_is):
        super().__init__()
        self.world, self.lend, self.eventually, self.clip_that_is = world, lend, eventually, clip_that_is

    @initialize(verdict=VERDICTS)
    def signs_up(self, verdict):
        self.bob = self.lend(self.world.served.channel, f"acct_{uuid4().hex}")
        self.cameo = self.lend(self.world.served.channel, "cameo", role="service")
        self.ada = self.lend(self.world.served.channel, "acct_ada", role="operator")
        self.world.sql(
            "insert into accounts (id, handle, display_name, role) values (:id, :h, 'bob', 'user')", id=self.bob.id, h=uuid4().hex[:20]
        )
        self.sessions, self.state, self.failed, self.given = {}, {}, [], {}
        self.starts_and_is_filmed(verdict)

    # --- what people do

    @rule()
    def starts(self):
        waiting = [id_ for id_, state in self.state.items() if state in UNCAPTURED]
        undecided = sum(state in {"analysing", "review"} for state in self.state.values())
        session = self._outcome(self.bob.starts(language="en-x-short"))
        if session == "LivenessPaused":
            assert len(self.failed) + undecided >= 3
            return
        assert session.tries_left == 3 - len(self.failed) - undecided > 0
        self.sessions[session.id], self.state[session.id] = session, "created"
        for each in waiting:
            self.state[each] = "expired"

    @rule(verdict=VERDICTS)
    def starts_and_is_filmed(self, verdict):
        self.starts()
        if self.sessions:
            self._filmed(list(self.sessions.values())[-1], verdict)

    @rule(data=st.data(), verdict=VERDICTS)
    def is_filmed(self, data, verdict):
        if session := self._any(data, "created"):
            self._filmed(session, verdict)

    def _filmed(self, session, verdict):
        before = self.state[session.id]
        outcome = self._outcome(self.bob.films(session, self.clip_that_is(verdict)))
        assert (outcome == "LivenessOver") == (before != "created")
        if before != "created":
            return
        self.world.run(self.bob.comes_to(verdict, session))
        self.state[session.id] = verdict
        if verdict in {"retry", "declined"}:
            self.failed.append(session.id)

    @rule(data=st.data(), shown=st.booleans())
    def goes_away(self, data, shown):
        session = self._any(data, "created")
        if not session or self.state[session.id] != "created":
            return
        self.world.run(self._leaves(session, shown=shown))
        self.state[session.id] = "retry"
        if shown:
            self.failed.append(session.id)

    @rule(data=st.data(), approved=st.booleans())
    def is_reviewed(self, data, approved):
        if not (session := self._any(data, "review")):
            return
        answer = self._outcome(self.ada("DecideReview", session_id=session.id, approved=approved, note="because"))
        assert (answer != "NotInReview") == (self.state[session.id] == "review")
        if answer != "NotInReview":
            self.state[session.id] = "approved" if approved else "declined"
            if not approved:
                self.failed.append(session.id)

    @rule(data=st.data(), request_id=st.sampled_from(["a", "b"]))
    def is_redeemed(self, data, request_id):
        if not (session := self._any(data, "approved", "used")):
            return
        asked = self.cameo("RedeemLiveness", session_id=session.id, account_id=self.bob.id, request_id=request_id)
        refused = self._outcome(asked) in ("LivenessUsed", "LivenessNotApproved")
        repeated = self.state[session.id] == "used" and self.given[session.id] == request_id
        assert refused == (self.state[session.id] != "approved" and not repeated)
        if not refused:
            self.state[session.id], self.given[session.id] = "used", request_id

    @rule(data=st.data())
    def becomes_a_cameo(self, data):
        session = self._any(data, "used")
        if not session or self.state[session.id] != "used":
            return
        self.world.run(self._hear(CameoEnrolled(account_id=self.bob.id, liveness_session_id=session.id)))
        self.given[session.id] = None  # the clip is gone: nobody may ask again

    # --- what time does

    @rule(data=st.data())
    def time_runs_out(self, data):
        session = self._any(data, "created", "approved", "review")
        if not session or self.state[session.id] not in {"created", "approved", "review"}:
            return
        self.world.sql(
            "update liveness_clips set due = now() where key = (select clip_key from liveness_sessions where id = :id)", id=session.id
        )
        self.world.sql("update liveness_sessions set expires_at = now() where id = :id", id=session.id)
        self.state[session.id] = "retry" if self.state[session.id] == "review" else "expired"
        self.world.run(self.bob.comes_to(self.state[session.id], session))

    @rule()
    def an_hour_passes(self):
        self.world.sql("update liveness_sessions set failed_at = failed_at - interval '1 hour' where account_id = :id", id=self.bob.id)
        self.failed = []

    # --- always

    @invariant()
    def all_is_as_it_should_be(self):
        if sessions := getattr(self, "sessions", None):
            found = {id_: self.world.run(self.bob.session(session)) for id_, session in sessions.items()}
            assert {id_: pb.LivenessState.Name(session.state)[15:].lower() for id_, session in found.items()} == self.state
            assert sum(state in UNCAPTURED for state in self.state.values()) <= 1

    @invariant()
    def clips_are_kept_of_what_needs_them_alone(self):
        if hasattr(self, "state"):
            wanted = {id_ for id_, state in self.state.items() if state in {"approved", "review"} or self.given.get(id_)}

            async def so():
                return {key.split("/")[2] for key in await self.world.served.adapters.media.list(f"liveness/{self.bob.id}")} == wanted

            self.world.run(self.eventually(so))

    def _any(self, data, *likely):
        """One that is in a `likely` state more often than one of the latest, which mostly only say that they are over."""
        wanted = [id_ for id_, state in self.state.items() if state in likely]
        found = [*wanted * 3, *list(self.state)[-2:]]
        return self.sessions[data.draw(st.sampled_from(found))] if found else None

    def _outcome(self, asked):
        """The answer, or the reason of the refusal."""
        try:
            return self.world.run(asked)
        except RemoteError as error:
            return error.reason

    async def _hear(self, event):
        async with self.world.database.begin() as tx:
            await enrolled(tx, event)

    async def _leaves(self, session, *, shown):
        camera = await self.bob.opens(session)
        if shown:
            await camera.says(chunk=b"x")
            await camera.hears()
        else:
            await self.bob.comes_to("capturing", session)
        camera.goes_away()
        await self.bob.comes_to("retry", session)


@pytest.fixture
def world(postgres_url, settings, eyes):
    made = World(postgres_url, type(eyes)())
    yield made
    made.close()


@pytest.mark.timeout(900)
def test_one_session_at_a_time_one_likeness_each_and_no_clip_left_over(world, lend, eventually, clip_that_is):
    log.setup("error")
    size = hypothesis_settings(
        max_examples=RUNS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(lambda: Sessions(world, lend, eventually, clip_that_is), settings=size)
