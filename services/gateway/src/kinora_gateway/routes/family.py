"""/api/family: young people, their parents, and what those relax."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from kinora.identity.v1 import family_service_pb2 as pb

from kinora_gateway import body, docs, family
from kinora_gateway.family import ChildAnswered, Family, NewSwitches, ParentAsked, Switches
from kinora_gateway.session import Admin, Session, require

router = APIRouter(prefix="/api", tags=["family"])
Asker = Annotated[Session, Depends(require("admin", "lookups"))]
_BODY = (408, 413, 415)


@router.get("/family", responses=docs.errors())
async def read_family(session: Admin) -> Family:
    """One's parents and children, asked and linked."""
    return family.family(await session.call(session.gateway.family.ListFamily, pb.ListFamilyRequest()))


@router.post("/family/parents", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(ParentAsked))
async def ask_parent(request: Request, session: Asker) -> Family:
    """Somebody under 18 asks the owner of a handle to be their parent; only an adult is told."""
    wanted = await body.read(request, ParentAsked, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.family.AskParent, pb.AskParentRequest(handle=wanted.handle))
    return await read_family(session)


@router.post("/family/children/{account_id}", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(ChildAnswered))
async def answer_child(account_id: str, request: Request, session: Admin) -> Family:
    """An adult accepts or refuses who asked. Needs step-up."""
    wanted = await body.read(request, ChildAnswered, timeout_s=session.gateway.settings.body_timeout_s)
    await session.call(session.gateway.family.AnswerChild, pb.AnswerChildRequest(account_id=account_id, accept=wanted.accept))
    return await read_family(session)


@router.delete("/family/{account_id}", responses=docs.errors(404))
async def end_link(account_id: str, session: Admin) -> Family:
    """Ends a link, from either side; what was relaxed is strict again."""
    await session.call(session.gateway.family.EndLink, pb.EndLinkRequest(account_id=account_id))
    return await read_family(session)


@router.get("/me/switches", responses=docs.errors(404))
async def read_switches(session: Admin) -> Switches:
    """What guards one's own time now."""
    return family.switches((await session.call(session.gateway.family.GetSwitches, pb.GetSwitchesRequest())).switches)


@router.get("/family/children/{account_id}/switches", responses=docs.errors(404))
async def read_childs_switches(account_id: str, session: Admin) -> Switches:
    """What guards a child's time now."""
    found = await session.call(session.gateway.family.GetSwitches, pb.GetSwitchesRequest(account_id=account_id))
    return family.switches(found.switches)


@router.put("/family/children/{account_id}/switches", responses=docs.errors(404, 409, *_BODY), openapi_extra=docs.body(NewSwitches))
async def set_switches(account_id: str, request: Request, session: Admin) -> Switches:
    """A parent relaxes or restores what guards a child's time. Needs step-up."""
    wanted = await body.read(request, NewSwitches, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.SetSwitchesRequest(account_id=account_id, switches=pb.Switches(**wanted.model_dump()))
    return family.switches((await session.call(session.gateway.family.SetSwitches, message)).switches)
