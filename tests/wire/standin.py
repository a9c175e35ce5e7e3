"""A stand-in for Discord over real sockets: REST and gateway on loopback, with answers that a test can script."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

ME = {"id": "1000", "username": "Moments", "discriminator": "0", "avatar": None, "bot": True}
USER = {"id": "77", "username": "ann", "discriminator": "0", "avatar": None, "global_name": "Ann"}
TOKEN = "loopback"


def guild(number: int) -> dict[str, Any]:
    """A server as GUILD_CREATE tells of it, with the channels and roles of a usual one."""
    first = number * 1000
    everyone = {"id": str(first), "name": "@everyone", "permissions": "0", "position": 0, "color": 0, "hoist": False,
                "managed": False, "mentionable": False, "flags": 0}  # fmt: skip
    roles = [everyone | {"id": str(first + n), "name": f"role {n}", "position": n} for n in range(25)]
    channels = [
        {"id": str(first + 100 + n), "type": 0, "name": f"channel-{n}", "position": n, "permission_overwrites": []}
        for n in range(30)
    ]
    emojis = [{"id": str(first + 200 + n), "name": f"e{n}", "roles": [], "animated": False} for n in range(20)]
    return {
        "id": str(first), "name": f"Server {number}", "owner_id": "77", "roles": roles, "channels": channels,
        "emojis": emojis, "members": [{"user": ME, "roles": [str(first + 3)], "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False, "mute": False, "flags": 0}], "member_count": 100, "threads": [], "stickers": [],
        "verification_level": 0, "features": [], "premium_tier": 0, "mfa_level": 0, "nsfw_level": 0,
        "preferred_locale": "en-US", "default_message_notifications": 0, "explicit_content_filter": 0,
        "system_channel_flags": 0, "voice_states": [], "presences": [], "soundboard_sounds": [], "afk_timeout": 60,
        "premium_progress_bar_enabled": False, "unavailable": False,
    }  # fmt: skip


class StandIn:
    """`log` has every request as (method, path, body) and every gateway message as ('GW', op, data)."""

    def __init__(self, guilds: int) -> None:
        self.guilds = [guild(number) for number in range(1, guilds + 1)]
        self.log: list[tuple[str, Any, Any]] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.script: list[tuple[str, str, Any]] = []
        self.sequence = 0
        self.messages = 5000
        self.port = 0

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    def script_answer(self, method: str, path: str, answer: Any) -> None:
        """The next such request gets a (status, body, headers), or with 'reset' a broken connection."""
        self.script.append((method, path, answer))

    def requests(self, method: str, ending: str) -> list[Any]:
        return [body for kind, path, body in self.log if kind == method and str(path).endswith(ending)]

    async def until(self, found: Any, seconds: float = 20) -> Any:
        """What `found()` returns as soon as it is something."""
        for _ in range(int(seconds / 0.02)):
            if result := found():
                return result
            await asyncio.sleep(0.02)
        raise AssertionError(f"nothing within {seconds} s; last: {[entry[:2] for entry in self.log[-5:]]}")

    async def rest(self, request: web.Request) -> web.StreamResponse:
        path, raw = "/" + request.match_info["path"], await request.text()
        body = json.loads(raw) if raw[:1] in ("{", "[") else raw
        self.log.append((request.method, path, body))
        for place, (method, wanted, answer) in enumerate(self.script):
            if (method, wanted) == (request.method, path):
                del self.script[place]
                if answer == "reset":
                    assert request.transport is not None
                    request.transport.abort()
                    return web.Response()
                return as_json(answer[1], answer[0], answer[2])
        if request.headers.get("Authorization", f"Bot {TOKEN}") != f"Bot {TOKEN}":
            return as_json({"message": "401: Unauthorized", "code": 0}, 401)
        return as_json(self.answer(request.method, path, body))

    def answer(self, method: str, path: str, body: Any) -> Any:
        if path == "/users/@me":
            return ME
        if path == "/oauth2/applications/@me":
            return {
                "id": "1000",
                "name": "Moments",
                "flags": 0,
                "bot_public": True,
                "owner": USER,
                "description": "",
                "icon": None,
                "verify_key": "00",
                "bot_require_code_grant": False,
            }
        if path == "/gateway/bot":
            limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
            return {"url": f"ws://127.0.0.1:{self.port}/gateway", "shards": 1, "session_start_limit": limit}
        if path.endswith("/commands") and method == "PUT":
            return [{**one, "id": str(n + 1), "application_id": "1000", "version": "1"} for n, one in enumerate(body)]
        if path.endswith("/callback"):
            return {"interaction": {"id": path.split("/")[2], "type": 2, "response_message_id": "9"}}
        if path.endswith("/messages"):
            self.messages += 1
            return {
                "id": str(self.messages), "channel_id": path.split("/")[2], "author": ME, "content": "", "type": 0,
                "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False, "pinned": False,
                "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
                "components": body.get("components", []), "flags": 32768, "nonce": body.get("nonce"),
            }  # fmt: skip
        return {}

    async def send(
        self, op: int, data: Any = None, event: str | None = None, to: web.WebSocketResponse | None = None
    ) -> None:
        """Send something through a connection, by default the newest."""
        self.sequence += bool(event)
        payload = {"op": op, "d": data, "s": self.sequence if event else None, "t": event}
        await (to or self.sockets[-1]).send_json(payload)

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await self.send(10, {"heartbeat_interval": 1000}, to=socket)
        async for message in socket:
            payload = json.loads(message.data)
            if payload["op"] == 1:
                await self.send(11, to=socket)
                continue
            self.log.append(("GW", payload["op"], payload["d"]))
            if payload["op"] == 2:
                await self.welcome(payload["d"], socket)
            elif payload["op"] == 6:
                await self.send(0, {}, "RESUMED", socket)
        self.log.append(("GW", "closed", socket.close_code))
        return socket

    async def welcome(self, identify: Any, to: web.WebSocketResponse) -> None:
        unavailable = [{"id": one["id"], "unavailable": True} for one in self.guilds]
        ready = {
            "v": 10, "user": ME, "session_id": "s1", "shard": identify.get("shard", [0, 1]),
            "application": {"id": "1000", "flags": 0}, "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "guilds": unavailable,
        }  # fmt: skip
        await self.send(0, ready, "READY", to)
        for one in self.guilds:
            await self.send(0, one, "GUILD_CREATE", to)

    async def slash(self, number: int, command: str, /, *, typing: bool = False, **options: str) -> Any:
        """Use a command, or type into its options; returns the body of the bot's first answer."""
        given = [{"type": 3, "name": key, "value": value} for key, value in options.items()]
        if typing:
            given = [one | {"focused": True} for one in given]
        data = {"id": "1", "name": command, "type": 1, "options": given}
        interaction: dict[str, Any] = {
            "id": str(number), "application_id": "1000", "type": 4 if typing else 2, "token": f"t{number}", "version": 1, "data": data,
            "channel_id": "1100", "channel": {"id": "1100", "type": 0, "name": "c", "position": 0, "permissions": "0", "guild_id": "1000"},
            "guild_id": "1000", "guild": {"id": "1000", "locale": "en-US", "features": []}, "locale": "en-GB",
            "guild_locale": "en-US", "app_permissions": "0", "entitlements": [], "context": 0,
            "authorizing_integration_owners": {"0": "1000"}, "attachment_size_limit": 1,
            "member": {"user": USER, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "permissions": "32",
                       "deaf": False, "mute": False, "flags": 0},
        }  # fmt: skip
        await self.send(0, interaction, "INTERACTION_CREATE")
        return (await self.until(lambda: self.requests("POST", f"/interactions/{number}/t{number}/callback")))[0]


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer of the REST interface."""
    # discord.py reads JSON only for exactly this content type; aiohttp's helper adds a charset.
    more = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=more)


@asynccontextmanager
async def stand_in(guilds: int = 1, kind: type[StandIn] = StandIn) -> AsyncIterator[StandIn]:
    """A running stand-in with that many servers."""
    discord = kind(guilds)
    app = web.Application(client_max_size=2**24)
    app.router.add_get("/gateway", discord.gateway)
    app.router.add_route("*", "/api/v10/{path:.*}", discord.rest)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    discord.port = runner.addresses[0][1]
    try:
        yield discord
    finally:
        for socket in discord.sockets:
            await socket.close()
        await runner.cleanup()
