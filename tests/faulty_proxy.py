"""A proxy before a chat server that fails as it is told, and keeps account of what was paid."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# What a request meets, but for a status and "" (nothing): what becomes of a reply that was paid.
STALL, BLANKS, CUT, NONSENSE = "stall", "blanks", "cut", "nonsense"


@dataclass
class Exchange:
    """A request as it came, what it met, and the tokens that the server behind took for it."""

    body: dict[str, Any]
    headers: dict[str, str]
    fault: str
    status: int = 0
    paid: int = 0

    @property
    def asked(self) -> str:
        """The last message."""
        return self.body["messages"][-1]["content"]


@dataclass
class Behaviour:
    """How the proxy fails: `fault` tells it for each request, `busy_above` refuses more at once.

    `says` stands in messages of errors; a thought is kept `apart`, usage left out (`without_usage`)
    or told as nothing (`zero_usage`) and an emoji cut in `half`, as some servers do.
    """

    upstream: str
    fault: Callable[[dict[str, Any]], str] = lambda body: ""
    busy_above: int | None = None
    retry_after: str | None = None
    stall: float = 3.0
    says: str = "out of order"
    apart: bool = False
    without_usage: bool = False
    zero_usage: bool = False
    half: bool = False
    exchanges: list[Exchange] = field(default_factory=list)
    under_way: int = 0
    peak: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paid(self) -> int:
        """The tokens that the server behind took for all requests."""
        return sum(each.paid for each in self.exchanges)


def now_and_then(seed: int, shares: Mapping[str, float]) -> Callable[[dict[str, Any]], str]:
    """Each fault with its share of the requests, drawn at random."""
    rng = random.Random(seed)
    names = [*shares, ""]
    weights = [*shares.values(), 1 - sum(shares.values())]
    return lambda body: rng.choices(names, weights)[0]


def in_turn(*faults: str) -> Callable[[dict[str, Any]], str]:
    """These faults for the first requests, one each, and none for all others."""
    left = iter(faults)
    return lambda body: next(left, "")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Proxy

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        told = self.server.behaviour
        content = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(content)
        headers = {name.lower(): value for name, value in self.headers.items()}
        with told.lock:
            exchange = Exchange(body, headers, told.fault(body))
            told.exchanges.append(exchange)
            told.under_way += 1
            told.peak = max(told.peak, told.under_way)
            if told.busy_above is not None and told.under_way > told.busy_above:
                exchange.fault = "429"
        try:
            self._meet(exchange, content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with told.lock:
                told.under_way -= 1

    def _meet(self, exchange: Exchange, content: bytes) -> None:
        told = self.server.behaviour
        if exchange.fault.isdigit():
            said = {"error": {"message": told.says, "code": None}}
            self._answer(exchange, int(exchange.fault), json.dumps(said).encode())
            return
        status, reply = self._forward(content)
        exchange.paid = json.loads(reply)["usage"]["total_tokens"] if status == 200 else 0
        if status == 200:
            reply = _as_others_would(reply, told)
        if exchange.fault == STALL:
            time.sleep(told.stall)
        if exchange.fault == NONSENSE:
            reply = f"{told.says} {{".encode()
        if exchange.fault == BLANKS:
            self._blanks(exchange, told.stall)
            return
        sent = reply[: len(reply) // 2] if exchange.fault == CUT else reply
        self.close_connection = exchange.fault == CUT
        self._answer(exchange, status, sent, length=len(reply))

    def _forward(self, content: bytes) -> tuple[int, bytes]:
        url = urlsplit(self.server.behaviour.upstream)
        connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=120)
        try:
            connection.request("POST", self.path, content, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _blanks(self, exchange: Exchange, seconds: float) -> None:
        exchange.status = 200
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(int(10 * seconds)):
            self.wfile.write(b" ")
            time.sleep(0.1)
        self.close_connection = True

    def _answer(
        self, exchange: Exchange, status: int, body: bytes, length: int | None = None
    ) -> None:
        exchange.status = status
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        if status == 429 and self.server.behaviour.retry_after:
            self.send_header("Retry-After", self.server.behaviour.retry_after)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behaviour = behaviour

    def handle_error(self, *_: Any) -> None:
        """Clients are killed, or wait no longer."""


@contextmanager
def proxied(upstream: str, **behaviour: Any) -> Iterator[tuple[str, Behaviour]]:
    """A proxy before that server: its address, and its behaviour to be changed and read."""
    proxy = _Proxy(Behaviour(upstream, **behaviour))
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_port}/v1", proxy.behaviour
    finally:
        proxy.shutdown()
        proxy.server_close()


def _as_others_would(reply: bytes, told: Behaviour) -> bytes:
    content = json.loads(reply)
    message = content["choices"][0]["message"]
    if told.apart and "</think>" in message["content"]:
        thought, _, said = message["content"].partition("</think>")
        message["reasoning_content"] = thought.removeprefix("<think>")
        message["content"] = said
    if told.without_usage:
        del content["usage"]
    if told.zero_usage:
        content["usage"] = {"prompt_tokens": 0, "completion_tokens": 0}
    if told.half:
        message["content"] = "\ud83d" + message["content"]
    return json.dumps(content).encode()
