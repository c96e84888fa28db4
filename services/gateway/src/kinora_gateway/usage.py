"""What was spent, in engine seconds."""

from typing import Literal

from kinora.generation.v1.generation_service_pb2 import GetUsageResponse
from pydantic import Field

from kinora_gateway.schemas import Answer, Timestamp, Unit
from kinora_gateway.sheets import unit


class EngineUsage(Answer):
    """Of one engine, by when videos were queued; days are those of UTC."""

    model: str
    unit: Unit
    spent_today: float = Field(description="Engine seconds of today's completed videos.")
    spent_30_days: float = Field(description="Of those of the last 30 days, today among them.")
    reserved: float = Field(description="For videos that have not ended; what they do not take comes back.")


class Budget(Answer):
    """What may be spent in a day, of one unit."""

    unit: Unit
    seconds: float
    left: float = Field(description="Of today's, what is reserved taken off.")


class Usage(Answer):
    object: Literal["usage"] = "usage"
    engines: list[EngineUsage]
    budgets: list[Budget] = Field(description="None where spending has no limit.")
    renews_at: Timestamp = Field(description="The next midnight (UTC), when budgets are whole again.")


def usage(message: GetUsageResponse) -> Usage:
    return Usage(
        engines=[
            EngineUsage(
                model=each.model, unit=unit(each.unit), reserved=each.reserved,
                spent_today=each.spent_today, spent_30_days=each.spent_30_days,
            )
            for each in message.engines
        ],
        budgets=[Budget(unit=unit(each.unit), seconds=each.seconds, left=each.left) for each in message.budgets],
        renews_at=message.renews_at,
    )  # fmt: skip
