"""Another API key: the one in use stays until the service has taken the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gerra_tui.service.failures import BadResponse, Failure, ServiceUnavailable, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gerra_tui.service.preferences import Access


async def change_key(
    access: Access, ask_with: Callable[[str], Awaitable[object]], key: str
) -> Failure | None:
    """Use `key` for the rest of the session, once `ask_with` got an answer with it.

    Gives why not: it was refused, or the service cannot say now and there is another one. The
    first key of a session is used even if the service cannot say.
    """
    try:
        await ask_with(key)
    except Unauthorized as refused:
        return refused
    except (ServiceUnavailable, BadResponse) as unknown:
        if access.has_key:
            return unknown
    except Failure:
        pass  # what is refused to this key is another matter: the service knows it
    access.use(key)
    return None
