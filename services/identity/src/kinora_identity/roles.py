"""Who may do more than others."""

from kinora.identity.v1 import security_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity

from kinora_identity import audit, privacy_store, store, wire
from kinora_identity.domain import AccountNotFound, account_in_question, require_operator
from kinora_identity.privacy import LastOperator


async def set_role(database: Database, caller: Identity, request: pb.SetRoleRequest) -> pb.SetRoleResponse:
    """Counts at once here, and within five seconds at the gateway. Raises AccountNotFound and LastOperator."""
    require_operator(caller)
    account_id, role = account_in_question(caller, request.account_id), wire.role(request.role)

    async def do() -> pb.SetRoleResponse:
        if role != "operator" and not await privacy_store.leaves_an_operator(tx, account_id):
            raise LastOperator("This is the only operator; make somebody else one first.")
        account = await store.set_role(tx, account_id, role)
        if account is None:
            raise AccountNotFound("There is no such account.", param="account_id")
        await audit.add(tx, caller.account_id, "role.set", account_id, role=role)
        return pb.SetRoleResponse(account=wire.account(account))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="SetRole", request=request, reply=pb.SetRoleResponse, do=do)
