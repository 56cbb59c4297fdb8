"""The page and its answers over HTTP, for the person at this machine and nobody else.

The server listens on the loopback device. Other programs of this machine lack the token, and pages
of other sites, which a browser here may have open, are refused by their Host and Origin, have no
leave of CORS, and cannot frame the page. Whatever a chain holds, the page sets it as text, and its
policy allows no script but its own file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from secrets import compare_digest, token_urlsafe
from typing import Any

import msgspec

from harness.reviewing.sitting import Refused, Said, Sitting
from tasks.errors import UserError

LOOPBACK = "127.0.0.1"
LONGEST_BODY = 16 * 1024  # bytes
# By their names in the address: the package that holds them, the path in it, the type.
PAGES = {
    "": ("harness.reviewing", "page/review.html", "text/html"),
    "review.css": ("harness.reviewing", "page/review.css", "text/css"),
    "review.js": ("harness.reviewing", "page/review.js", "text/javascript"),
    "report.css": ("reports.rendering", "templates/report.css", "text/css"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class ReviewServer(ThreadingHTTPServer):
    """Serves one sitting on a port of the loopback device, 0: a free one.

    UserError where the port is taken.
    """

    daemon_threads = True

    def __init__(self, sitting: Sitting, port: int = 0) -> None:
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            raise UserError(
                f"--port {port}: {(error.strerror or 'cannot listen').lower()}"
            ) from None
        self.sitting = sitting
        self.token = token_urlsafe(24)
        self.hosts = {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing where a browser went away in mid-answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """The address of the page; whoever knows it may judge."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: ReviewServer
    server_version = "cascod"
    sys_version = ""
    timeout = 30  # seconds for a request to arrive

    def do_GET(self) -> None:
        """The page, its files, the progress, a chain."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """What changes the journal."""
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the token would stand in the log."""

    def end_headers(self) -> None:
        """With every answer, errors included."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def _answer(self, serve: Callable[[list[str]], tuple[str, bytes]]) -> None:
        try:
            kind, content = serve(self._parts())
        except Refused as refused:
            self._send(refused.status, "application/json", _json({"error": str(refused)}))
        except UserError as error:
            self._send(
                HTTPStatus.INTERNAL_SERVER_ERROR, "application/json", _json({"error": str(error)})
            )
        else:
            self._send(HTTPStatus.OK, kind, content)

    def _parts(self) -> list[str]:
        """The parts of the path behind the token; Refused where a request is not the page's own."""
        if self.headers.get("Host") not in self.server.hosts:
            raise Refused(HTTPStatus.FORBIDDEN, "another host")
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            raise Refused(HTTPStatus.FORBIDDEN, "another origin")
        token, *parts = self.path.removeprefix("/").split("/")
        if not compare_digest(token.encode(), self.server.token.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "the address lacks the token that was printed")
        return parts

    def _get(self, parts: list[str]) -> tuple[str, bytes]:
        match parts:
            case [name] if name in PAGES:
                return PAGES[name][2], _page(name)
            case ["progress"]:
                return "application/json", _json(self.server.sitting.progress())
            case ["chains", place]:
                return "application/json", _json(self.server.sitting.chain(_number(place)))
        raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")

    def _post(self, parts: list[str]) -> tuple[str, bytes]:
        body = self._body()
        sitting = self.server.sitting
        match parts:
            case ["chains", place, "judgement"]:
                try:
                    said = msgspec.json.decode(body, type=Said)
                except ValueError as error:
                    raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from None
                content = sitting.judge(_number(place), said)
            case ["chains", place, "undo"]:
                content = sitting.undo(_number(place))
            case ["chains", place, "gold"]:
                content = sitting.gold(_number(place))
            case _:
                raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")
        return "application/json", _json(content)

    def _body(self) -> bytes:
        # A form of another site cannot send JSON without asking for leave first.
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected JSON")
        length = _number(self.headers.get("Content-Length", ""))
        if length > LONGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {LONGEST_BODY} bytes")
        return self.rfile.read(length)

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@cache
def _page(name: str) -> bytes:
    package, path, _ = PAGES[name]
    return files(package).joinpath(path).read_bytes()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(HTTPStatus.BAD_REQUEST, "expected a number")
    return int(text)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()
