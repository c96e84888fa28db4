"""/v1/storyboards: direction without a video."""

from fastapi import APIRouter, Request

from kinora_gateway import body, creation, docs, json_text, sheets
from kinora_gateway.requests import DraftStoryboard
from kinora_gateway.schemas import StoryboardDraft
from kinora_gateway.session import Writer

router = APIRouter(prefix="/v1/storyboards", tags=["storyboards"])


@router.post("", responses=docs.errors(408, 413, 415), openapi_extra=docs.body(DraftStoryboard))
async def draft_storyboard(request: Request, session: Writer) -> StoryboardDraft:
    """What a prompt would be staged as, with notes and an estimate; nothing is queued."""
    wanted = await body.read(request, DraftStoryboard, timeout_s=session.gateway.settings.body_timeout_s)
    draft = await session.call(session.gateway.generation.DraftStoryboard, creation.draft_request(wanted))
    return StoryboardDraft(
        storyboard=json_text.parse(draft.storyboard_json),
        notes=list(draft.notes),
        engine_seconds=draft.engine_seconds,
        unit=sheets.unit(draft.unit),
    )
