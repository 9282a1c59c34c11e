"""What the server sends beside pages: headers that keep a page to itself, and a probe of its health."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

# A process that has not served a page yet takes the folder pages/ for a list of pages of its own: the
# first visitor would be told that a page is not found. Only st.navigation says what pages there are.
PagesManager.uses_pages_directory = False

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

HEADERS: dict[str, str] = {
    "Content-Security-Policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Sent with every answer. A link that is pasted elsewhere carries filters, so no referrer leaves."""


class Headed:
    """Adds ``HEADERS`` to every HTTP answer."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Message, receive: Callable[..., Awaitable[Message]], send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                more = [
                    (k.lower().encode(), v.encode())
                    for k, v in HEADERS.items()
                    if k.lower().encode() not in held
                ]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, headed)


MIDDLEWARE = [Middleware(Headed)]
