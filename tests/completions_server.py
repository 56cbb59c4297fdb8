"""A small server of the completions API, as vLLM speaks it, around our own decoder.

It can be told to fail: as a server in this process through its attributes, as a command by its
options.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import torch

from harness.decoding.decode import decode
from harness.decoding.pick import greedy
from harness.decoding.sampling import sampler
from harness.decoding.stages import DecodingPlan
from harness.decoding.stop_strings import ends_at
from trainers.checkpoint import load_student


@dataclass
class Behaviour:
    """What the server knows, and how it fails: `fail` and `drop` count requests still to fail, and
    `instead` is answered in place of what was asked for, `models` in place of the list of models,
    either behind so many seconds of blanks (`blanks`).
    """

    checkpoint: str
    name: str | None = None
    token_ids: bool = True
    context: int | None = None
    key: str | None = None
    fail: int = 0
    drop: int = 0
    die_after: int | None = None
    instead: str | None = None
    models: Any = None
    blanks: float = 0
    requests: list[dict[str, Any]] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.behaviour = behaviour
        self.model, self.tokenizer = load_student(behaviour.checkpoint)
        self.one_at_a_time = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        # Clients that were killed.
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        told = self.server.behaviour
        model = {"id": told.name or told.checkpoint, "owned_by": "tests"}
        if told.context:
            model["max_model_len"] = told.context
        if self.path == "/v1/models":
            self._answer(200, {"data": told.models or [model]})
        elif self.path == "/version":
            self._answer(200, {"version": "1"})
        else:
            self._answer(404, {"error": {"message": "no such thing"}})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = self.server.behaviour
        with self.server.one_at_a_time:
            told.requests.append(asked)
            if told.die_after is not None and len(told.requests) > told.die_after:
                os._exit(3)
            if told.key and self.headers.get("Authorization") != f"Bearer {told.key}":
                self._answer(
                    401, {"error": {"message": f"no key: {self.headers['Authorization']}"}}
                )
            elif told.fail:
                told.fail -= 1
                self._answer(500, {"error": {"message": "out of order"}})
            elif told.drop:
                told.drop -= 1
                self.close_connection = True
            elif told.instead is not None:
                self._send(200, told.instead)
            elif not told.token_ids and isinstance(asked["prompt"], list):
                self._answer(400, {"detail": "prompt must be a string."})
            else:
                self._answer(200, {"choices": [self._choice(asked)]})

    def _choice(self, asked: dict[str, Any]) -> dict[str, Any]:
        model, tokenizer, told = self.server.model, self.server.tokenizer, self.server.behaviour
        prompt = asked["prompt"]
        ids = list(tokenizer(prompt)["input_ids"]) if isinstance(prompt, str) else prompt
        own = model.generation_config.eos_token_id
        eos = asked.get("stop_token_ids") or (own if isinstance(own, list) else [own])
        stops = asked.get("stop") or []
        plan = DecodingPlan(
            eos_ids=tuple(eos),
            cue_ids=None,
            max_rationale_tokens=asked["max_tokens"],
            max_answer_tokens=0,
            ends_text=ends_at(stops, tokenizer.decode) if stops else None,
        )
        pick = greedy
        if asked.get("temperature"):
            pick = sampler(
                temperature=asked["temperature"],
                top_p=asked.get("top_p", 1.0),
                seeds=[asked["seed"]],
                requests_each=1,
            )
        [response] = decode(model, [ids], plan, pick=pick)
        written, full = list(response.answer_ids), response.answer_truncated
        by_string = bool(stops) and any(stop in tokenizer.decode(written) for stop in stops)
        choice = {
            "text": tokenizer.decode(written, skip_special_tokens=True),
            "finish_reason": "length" if full else "stop",
            "stop_reason": stops[0] if by_string else None,
        }
        if told.token_ids:
            ended = [] if full or by_string else [eos[0]]
            choice["token_ids"] = written + ended
            if "prompt_logprobs" in asked:
                choice["prompt_logprobs"] = self._prompt_log_probabilities(ids)
        return choice

    @torch.inference_mode()
    def _prompt_log_probabilities(self, ids: list[int]) -> list[Any]:
        logits = self.server.model(input_ids=torch.tensor([ids])).logits[0]
        scores = torch.log_softmax(logits, dim=-1)
        told = [
            {str(token): {"logprob": float(scores[place, token])}}
            for place, token in enumerate(ids[1:])
        ]
        return [None, *told]

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, json.dumps(content))

    def _send(self, status: int, content: str) -> None:
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        tenths = int(10 * self.server.behaviour.blanks)
        self.send_header("Content-Length", str(tenths + len(body)))
        self.end_headers()
        for _ in range(tenths):
            self.wfile.write(b" ")
            time.sleep(0.1)
        self.wfile.write(body)


@contextmanager
def serving(checkpoint: Path | str, **behaviour: Any) -> Iterator[tuple[str, Behaviour]]:
    """A server in this process: its address, and its behaviour to be changed."""
    server = _Server(0, Behaviour(str(checkpoint), **behaviour))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", server.behaviour
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Serve a checkpoint until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("checkpoint")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--die-after", type=int)
    parser.add_argument("--die-once", type=Path, help="die only where this file is not there")
    parser.add_argument("--text", action="store_true", help="know no token ids")
    args = parser.parse_args()
    die_after = args.die_after
    if args.die_once:
        die_after = None if args.die_once.exists() else die_after
        args.die_once.touch()
    behaviour = Behaviour(args.checkpoint, die_after=die_after, token_ids=not args.text)
    _Server(args.port, behaviour).serve_forever()


if __name__ == "__main__":
    main()
