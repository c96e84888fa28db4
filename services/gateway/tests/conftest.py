# ruff: noqa: N802, ARG002 - the protos name the methods and their arguments
"""The gateway over real HTTP and gRPC. The services behind it are stand-ins that keep videos in memory; they make nothing."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path

import grpc
import httpx
import openai
import pytest
from kinora.cameo.v1 import cameo_service_pb2_grpc as cameo_grpc
from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_CPU_SECOND
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.generation.v1 import generation_service_pb2_grpc as generation_grpc
from kinora.identity.v1 import credentials_service_pb2_grpc as credentials_grpc
from kinora.identity.v1 import entry_service_pb2 as entry_pb
from kinora.identity.v1 import entry_service_pb2_grpc as entry_grpc
from kinora.identity.v1 import identity_service_pb2 as identity_pb
from kinora.identity.v1 import identity_service_pb2_grpc as identity_grpc
from kinora.identity.v1 import liveness_service_pb2_grpc as liveness_grpc
from kinora.identity.v1 import session_service_pb2 as session_pb
from kinora.identity.v1 import session_service_pb2_grpc as session_grpc
from kinora.provenance.v1 import check_service_pb2_grpc as check_grpc
from kinora.provenance.v1 import export_service_pb2_grpc as export_grpc
from kinora.provenance.v1 import provenance_service_pb2 as provenance_pb
from kinora.provenance.v1 import provenance_service_pb2_grpc as provenance_grpc
from kinora_engine.sheets import shipped
from kinora_gateway.main import build
from kinora_kit import identity, log
from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted, Unauthenticated
from kinora_kit.identity import Identity
from kinora_kit.service import Adapters, Service
from kinora_testkit.cast import ADA, BOB, CLEO
from kinora_testkit.services import Served, serving
from PIL import Image

from .stand_in_cameos import StandInCameos
from .stand_in_checks import StandInChecks
from .stand_in_credentials import StandInCredentials
from .stand_in_exports import StandInExports
from .stand_in_liveness import StandInLiveness

KEYS = {
    "kn_ada": ADA,
    "kn_bob": BOB,
    "kn_cleo": CLEO,
    "kn_cleo_admin": Identity("acct_cleo", scopes=frozenset({"videos:read", "videos:write", "admin"}), key_id="key_cleo_admin"),
    "kn_bob_admin": Identity("acct_bob", scopes=frozenset({"videos:read", "admin"}), key_id="key_bob_admin"),
    "kn_reader": Identity("acct_bob", scopes=frozenset({"videos:read"}), key_id="key_reader"),
}
DANS_TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJkYW4ifQ.c2lnbmVk"
KEYS[DANS_TOKEN] = Identity("acct_dan", scopes=frozenset({"videos:read", "admin"}), session_id="sess_dan")
TOKENS = session_pb.Tokens(access_token=DANS_TOKEN, refresh_token="kr_dan", expires_in=600, session_id="sess_dan", scopes=["videos:read"])
FILM = bytes(range(256)) * 40


class BadField(InvalidArgument): ...


class RequestIdReused(InvalidArgument): ...


class NoSuchVideo(NotFound): ...


class VideoNotCompleted(FailedPrecondition): ...


class QueueFull(ResourceExhausted): ...


class BudgetExceeded(ResourceExhausted): ...


class KeyUnknown(Unauthenticated): ...


class SignInRefused(Unauthenticated): ...


class RefreshRefused(Unauthenticated): ...


class LinkInvalid(NotFound): ...


class OperatorsOnly(PermissionDenied): ...


class AccountNotFound(NotFound): ...


@dataclass
class StandInGeneration(generation_grpc.GenerationServiceServicer):
    """Queues and never renders; a test moves its videos on with `set`."""

    videos: dict[str, pb.Video] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    broken: grpc.StatusCode | None = None
    preview: bytes = b""

    def set(self, video_id: str, status: "pb.VideoStatus.ValueType", **changes) -> None:
        self.videos[video_id].MergeFrom(pb.Video(status=status, **changes))

    async def CreateVideo(self, request, context):
        self.asked.append(request)
        await self._break(context)
        if request.model == "nothing-9":
            raise BadField("There is no model 'nothing-9'; there is world-1", param="model")
        if request.prompt == "too dear":
            raise BudgetExceeded("30 of today's 3,600 are left", left="30", renews_at="1700006400")
        if request.prompt == "one too many":
            raise QueueFull("too many of your videos wait")
        if any(r.request_id == request.request_id and r.prompt != request.prompt for r in self.asked):
            raise RequestIdReused("used before", param="request_id")
        made = [
            self._new(request.prompt, request.size or "720x1280", request.seconds or 4, request.seed) for _ in range(request.variants or 1)
        ]
        return pb.CreateVideoResponse(video=made[0], others=made[1:])

    async def RemixVideo(self, request, context):
        self.asked.append(request)
        source = self._own(request.video_id)
        if source.status != pb.VIDEO_STATUS_COMPLETED:
            raise VideoNotCompleted("The video is queued; this needs a completed one", param="video_id")
        made = self._new(request.prompt, source.size, source.seconds, source.seed)
        made.remixed_from_video_id = source.id
        return pb.RemixVideoResponse(video=made)

    async def ExtendVideo(self, request, context):
        self.asked.append(request)
        source = self._own(request.video_id)
        made = self._new(request.prompt, source.size, source.seconds + (request.seconds or 4), source.seed)
        made.remixed_from_video_id = source.id
        return pb.ExtendVideoResponse(video=made)

    async def GetVideo(self, request, context):
        await self._break(context)
        return pb.GetVideoResponse(video=self._own(request.video_id))

    async def ListVideos(self, request, context):
        own = [v for v in self.videos.values() if v.account_id == identity.current().account_id]
        ordered = own if request.ascending else own[::-1]
        start = [v.id for v in ordered].index(request.after) + 1 if request.after else 0
        page = ordered[start : start + request.limit]
        return pb.ListVideosResponse(videos=page, has_more=start + request.limit < len(ordered))

    async def CancelVideo(self, request, context):
        self.set(self._own(request.video_id).id, pb.VIDEO_STATUS_CANCELLED)
        return pb.CancelVideoResponse(video=self._own(request.video_id))

    async def DeleteVideo(self, request, context):
        self.asked.append(request)
        return pb.DeleteVideoResponse(video_id=self.videos.pop(self._own(request.video_id).id).id)

    async def WatchVideo(self, request, context):
        video = self._own(request.video_id)
        yield pb.WatchVideoResponse(video=video, preview_webp=self.preview)
        while video.status in {pb.VIDEO_STATUS_QUEUED, pb.VIDEO_STATUS_IN_PROGRESS}:
            await asyncio.sleep(0.02)
            await self._break(context)
        yield pb.WatchVideoResponse(video=video)

    async def GetContent(self, request, context):
        if self._own(request.video_id).status != pb.VIDEO_STATUS_COMPLETED:
            raise VideoNotCompleted("The video is queued; this needs a completed one", param="video_id")
        name, content_type = {
            pb.VARIANT_VIDEO: ("video.mp4", "video/mp4"),
            pb.VARIANT_THUMBNAIL: ("thumbnail.webp", "image/webp"),
            pb.VARIANT_SPRITESHEET: ("spritesheet.jpg", "image/jpeg"),
            pb.VARIANT_CAPTIONS: ("captions.vtt", "text/vtt"),
            pb.VARIANT_DESCRIPTIONS: ("descriptions.vtt", "text/vtt"),
            pb.VARIANT_EVENTS: ("events.json", "application/json"),
            pb.VARIANT_DEPTH: ("passes/depth.mkv", "video/x-matroska"),
        }[request.variant]
        return pb.GetContentResponse(key=f"videos/v/a/{name}", content_type=content_type, filename=f"{request.video_id} ä.mp4")

    async def DraftStoryboard(self, request, context):
        self.asked.append(request)
        return pb.DraftStoryboardResponse(
            storyboard_json='{"version":"1"}', notes=["Understood: a park."], engine_seconds=12.5, unit=ENGINE_UNIT_CPU_SECOND
        )

    async def ListModels(self, request, context):
        sheet = shipped("world")
        costs = [pb.SizeCost(size="720x1280", engine_seconds_per_second=9.2)]
        world = pb.Model(id="world-1", aliases=["sora-2"], sizes=sheet.sizes, sheet=sheet, costs=costs, ready=True, negative_prompt=True)
        return pb.ListModelsResponse(models=[world])

    async def GetUsage(self, request, context):
        world = pb.EngineUsage(model="world-1", unit=ENGINE_UNIT_CPU_SECOND, spent_today=10, spent_30_days=20, reserved=5)
        budget = pb.Budget(unit=ENGINE_UNIT_CPU_SECOND, seconds=60, left=45)
        return pb.GetUsageResponse(engines=[world], budgets=[budget], renews_at=1_700_006_400)

    async def FinishVideo(self, request, context):
        self.asked.append(request)
        source = self._own(request.video_id)
        made = self._new(source.prompt, source.full_size, source.seconds, source.seed)
        made.remixed_from_video_id = source.id
        return pb.FinishVideoResponse(video=made)

    def _new(self, prompt: str, size: str, seconds: int, seed: int) -> pb.Video:
        made = pb.Video(
            id=f"video_{len(self.videos) + 1:032x}", account_id=identity.current().account_id, model="world-1",
            status=pb.VIDEO_STATUS_QUEUED, prompt=prompt, size=size, seconds=seconds, seed=seed, created_at=1_700_000_000,
            eta_seconds=40, stage="Waiting", unit=ENGINE_UNIT_CPU_SECOND,
            estimated_engine_seconds=37.5, ai_act_label="Made by a computer.",
            notes=["Understood: a park."], storyboard_json='{"version":"1","shots":[]}',
        )  # fmt: skip
        self.videos[made.id] = made
        return made

    def _own(self, video_id: str) -> pb.Video:
        video = self.videos.get(video_id)
        if video is None or video.account_id != identity.current().account_id:
            raise NoSuchVideo("No such video", param="video_id")
        return video

    async def _break(self, context) -> None:
        if self.broken:
            await context.abort(self.broken, "password=hunter2 at /srv/secret.py")


@dataclass
class StandInIdentity(identity_grpc.IdentityServiceServicer, session_grpc.SessionServiceServicer):
    """Knows the cast's keys, and dan's password and session."""

    revoked: set[str] = field(default_factory=set)
    asked: int = 0
    origins: list[session_pb.Origin] = field(default_factory=list)

    async def VerifyBearer(self, request, context):
        self.asked += 1
        assert identity.current().role == "service"
        owner = KEYS.get(request.bearer)
        if owner is None or request.bearer in self.revoked:
            raise KeyUnknown("no such key")
        return session_pb.VerifyBearerResponse(
            account=_account(owner), scopes=sorted(owner.scopes), key_id=owner.key_id, session_id=owner.session_id
        )

    async def SignIn(self, request, context):
        self.origins.append(request.origin)
        if (request.email, request.password) != ("dan@example.org", "right"):
            raise SignInRefused("The e-mail address or the password is wrong.")
        return session_pb.SignInResponse(tokens=TOKENS)

    async def Refresh(self, request, context):
        if request.refresh_token != TOKENS.refresh_token:
            raise RefreshRefused("This refresh token was used before.")
        return session_pb.RefreshResponse(tokens=session_pb.Tokens(access_token=DANS_TOKEN, refresh_token="kr_next", expires_in=600))

    async def ListSessions(self, request, context):
        return session_pb.ListSessionsResponse(
            sessions=[session_pb.Session(id="sess_dan", device="a phone"), session_pb.Session(id="sess_2")]
        )

    async def EndSessions(self, request, context):
        return session_pb.EndSessionsResponse(ended=1 if request.session_id else 2)

    async def ForgetPassword(self, request, context):
        return session_pb.ForgetPasswordResponse()

    async def ResetPassword(self, request, context):
        if request.token != "km_good":
            raise LinkInvalid("This link was used before.", param="token")
        return session_pb.ResetPasswordResponse()

    async def GetSigningKeys(self, request, context):
        return session_pb.GetSigningKeysResponse(jwks_json='{"keys": []}')

    async def GetAccount(self, request, context):
        return identity_pb.GetAccountResponse(account=_account(identity.current()))

    async def FindAccount(self, request, context):
        handle = request.handle.removeprefix("@")
        if f"acct_{handle}" not in {owner.account_id for owner in KEYS.values()}:
            raise AccountNotFound("Nobody bears this handle.", param="handle")
        return identity_pb.FindAccountResponse(account_id=f"acct_{handle}", handle=handle)

    async def NameAccounts(self, request, context):
        people = {owner.account_id: owner.account_id.removeprefix("acct_") for owner in KEYS.values()}
        return identity_pb.NameAccountsResponse(handles={each: people[each] for each in request.account_ids if each in people})

    async def CreateAccount(self, request, context):
        if identity.current().role != "operator":
            raise OperatorsOnly("only operators open accounts")
        return identity_pb.CreateAccountResponse(account=identity_pb.Account(id="acct_new", handle=request.handle, role=request.role))

    async def CreateApiKey(self, request, context):
        key = identity_pb.ApiKey(id="key_new", account_id=request.account_id, name=request.name, scopes=request.scopes)
        return identity_pb.CreateApiKeyResponse(key=key, secret="kn_new")

    async def ListApiKeys(self, request, context):
        return identity_pb.ListApiKeysResponse(keys=[_key(identity.current())])

    async def RevokeApiKey(self, request, context):
        return identity_pb.RevokeApiKeyResponse(key=identity_pb.ApiKey(id=request.key_id, revoked_at=1_700_000_000))


class StandInEntry(entry_grpc.EntryServiceServicer):
    """Knows one token, km_good."""

    def __init__(self) -> None:
        self.mode, self.asked = entry_pb.DOOR_MODE_INVITE, []

    async def GetDoor(self, request, context):
        return entry_pb.GetDoorResponse(mode=self.mode)

    async def SetDoor(self, request, context):
        self.mode = request.mode
        return entry_pb.SetDoorResponse(mode=self.mode)

    async def SignUp(self, request, context):
        assert identity.current().role == "service"
        self.asked.append(request)
        return entry_pb.SignUpResponse()

    async def ConfirmSignUp(self, request, context):
        if request.token != "km_good":
            raise LinkInvalid("This link was used before.", param="token")
        account = identity_pb.Account(id="acct_new", handle="eve", role=identity_pb.ROLE_USER, age_band=identity_pb.AGE_BAND_TEEN)
        return entry_pb.ConfirmSignUpResponse(account=account)

    async def JoinWaitlist(self, request, context):
        return entry_pb.JoinWaitlistResponse()

    async def GetWaitlistPlace(self, request, context):
        return entry_pb.GetWaitlistPlaceResponse(position=3, waiting=9)

    async def AdmitFromWaitlist(self, request, context):
        return entry_pb.AdmitFromWaitlistResponse(admitted=request.count)

    async def GrantInvites(self, request, context):
        return entry_pb.GrantInvitesResponse(invites=[entry_pb.Invite(code="AAAAA-BBBBB")] * request.count)

    async def ListInvites(self, request, context):
        return entry_pb.ListInvitesResponse(invites=[entry_pb.Invite(code="AAAAA-BBBBB", used_at=7, used_by="dan")], invited_by="ada")


class StandInProvenance(provenance_grpc.ProvenanceServiceServicer):
    def __init__(self) -> None:
        self.named = True

    async def GetCredit(self, request, context):
        return provenance_pb.GetCreditResponse(named=self.named)

    async def SetCredit(self, request, context):
        self.named = request.named
        return provenance_pb.SetCreditResponse(named=self.named)

    async def GetSeal(self, request, context):
        seal = provenance_pb.Seal(video_id=request.video_id, manifest=b"jumb", validation_state="Trusted", development=True)
        return provenance_pb.GetSealResponse(seal=seal)


def _key(owner: Identity) -> identity_pb.ApiKey:
    return identity_pb.ApiKey(id=owner.key_id, account_id=owner.account_id, name="laptop", scopes=sorted(owner.scopes))


def _account(owner: Identity) -> identity_pb.Account:
    role = identity_pb.ROLE_OPERATOR if owner.role == "operator" else identity_pb.ROLE_USER
    return identity_pb.Account(id=owner.account_id, handle=owner.account_id.removeprefix("acct_"), role=role)


@dataclass
class World:
    """The gateway and what stands behind it."""

    served: Served
    generation: StandInGeneration
    identity: StandInIdentity
    cameos: StandInCameos
    liveness: StandInLiveness
    exports: StandInExports
    checks: StandInChecks

    @property
    def url(self) -> str:
        return self.served.url


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], AsyncIterator[World]]:
    """Starts a gateway with the environment as it is now."""
    return partial(_started, tmp_path)


def _started(
    folder: Path, liveness: StandInLiveness | None = None, exports: StandInExports | None = None, checks: StandInChecks | None = None
) -> tuple[AbstractAsyncContextManager[Served], StandInGeneration, StandInIdentity, StandInCameos]:
    log.setup("error")
    generation, people, cameos = StandInGeneration(), StandInIdentity(), StandInCameos()
    watching, leaving, looking = liveness or StandInLiveness(), exports or StandInExports(), checks or StandInChecks()

    def stand_ins(adapters: Adapters) -> Service:
        cameos.media = looking.media = adapters.media

        def register(server: grpc.aio.Server) -> None:
            generation_grpc.add_GenerationServiceServicer_to_server(generation, server)
            entry_grpc.add_EntryServiceServicer_to_server(StandInEntry(), server)
            credentials_grpc.add_CredentialsServiceServicer_to_server(StandInCredentials(), server)
            session_grpc.add_SessionServiceServicer_to_server(people, server)
            identity_grpc.add_IdentityServiceServicer_to_server(people, server)
            cameo_grpc.add_CameoServiceServicer_to_server(cameos, server)
            liveness_grpc.add_LivenessServiceServicer_to_server(watching, server)
            check_grpc.add_CheckServiceServicer_to_server(looking, server)
            provenance_grpc.add_ProvenanceServiceServicer_to_server(StandInProvenance(), server)
            export_grpc.add_ExportServiceServicer_to_server(leaving, server)

        return Service("stand-ins", register=register)

    return serving(stand_ins, build, database_url="postgresql://not-needed", state_dir=folder), generation, people, cameos


@pytest.fixture
async def world(start) -> AsyncIterator[World]:
    liveness, exports, checks = StandInLiveness(), StandInExports(), StandInChecks()
    context, generation, people, cameos = start(liveness, exports, checks)
    async with context as served:
        yield World(served, generation, people, cameos, liveness, exports, checks)


@pytest.fixture(scope="session")
async def document(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """/openapi.json, which is the same in every gateway; a new one takes half a second to write it."""
    context, *_ = _started(tmp_path_factory.mktemp("gateway"))
    async with context as served, httpx.AsyncClient() as client:
        return (await client.get(f"{served.url}/openapi.json")).json()


@pytest.fixture
async def http(world: World, document: dict) -> AsyncIterator[httpx.AsyncClient]:
    """As bob, over plain HTTP. Every answer has to be one that /openapi.json promises."""

    async def check(reply: httpx.Response) -> None:
        await _check_promised(document, reply)

    bob, hooks = {"authorization": "Bearer kn_bob"}, {"response": [check]}
    no_certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading them takes longer than most tests
    async with httpx.AsyncClient(base_url=world.url, headers=bob, timeout=10, event_hooks=hooks, verify=no_certificates) as client:
        yield client


async def _check_promised(document: dict, reply: httpx.Response) -> None:
    """The status is declared for the path, and a JSON body has exactly the declared keys."""
    path = reply.request.url.path
    shapes = {re.sub(r"\{\w+\}", "[^/]+", template): operations for template, operations in document["paths"].items()}
    method = reply.request.method.lower()
    operation = next((found[method] for shape, found in shapes.items() if re.fullmatch(shape, path) and method in found), None)
    if operation is None:
        return
    promised = operation["responses"][str(reply.status_code)].get("content", {})
    schema = promised.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        await reply.aread()
        declared = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        assert reply.json().keys() == set(declared["required"]) == declared["properties"].keys(), path


@pytest.fixture
async def sdk(world: World) -> AsyncIterator[openai.AsyncOpenAI]:
    """As bob, with the unmodified SDK, which does not repeat itself."""
    async with openai.AsyncOpenAI(base_url=f"{world.url}/v1", api_key="kn_bob", max_retries=0) as client:
        yield client


@pytest.fixture
async def queued(http: httpx.AsyncClient) -> str:
    """The id of a video of bob's that waits."""
    return (await http.post("/v1/videos", json={"prompt": "a park"})).json()["id"]


@pytest.fixture
async def finished(world: World, queued: str) -> str:
    """The id of a video of bob's that is done, with its files."""
    media = world.served.adapters.media
    for name, content_type in [("video.mp4", "video/mp4"), ("thumbnail.webp", "image/webp"), ("spritesheet.jpg", "image/jpeg")]:
        await media.put(f"videos/v/a/{name}", FILM, content_type=content_type)
    await media.put("videos/v/a/captions.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\n<v Maya>Hi", content_type="text/vtt")
    world.generation.set(queued, pb.VIDEO_STATUS_COMPLETED, progress=100, completed_at=1_700_000_040)
    return queued


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Makes a picture file."""

    def make(width: int, height: int, kind: str = "PNG") -> bytes:
        buffer = BytesIO()
        Image.new("RGB", (width, height), "teal").save(buffer, kind)
        return buffer.getvalue()

    return make
