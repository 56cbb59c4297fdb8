"""Stands in for a teacher's server in docs/pilot.md: python teacher.py PORT

It speaks OpenAI's chat completions API and answers the kinds of question of `questions.csv` by
rule, so that the walk needs no weights and no key. Like a real teacher it errs: on one question of
eight its first answer is wrong (asked again with the answer, it is right), and on another one of
eight a step is wrong though the answer is right.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def chain(question: str, luck: int, slip: int) -> tuple[list[str], int]:
    """Steps and answer; `slip` is added to the last result, `luck` to one on the way to it."""
    numbers = [int(number) for number in re.findall(r"\d+", question)]
    if "boxes" in question:
        _, boxes, parts, bad = numbers
        good = boxes * parts - bad + slip
        return [
            f"{boxes} boxes of {parts} parts: {boxes} * {parts} = {boxes * parts + luck}.",
            f"Without the rejected parts: {boxes * parts} - {bad} = {good}.",
        ], good
    if "gauge" in question:
        low, high, *readings = numbers
        wrong = [reading for reading in readings if not low <= reading <= high]
        steps = [
            f"{reading} is {'outside' if reading in wrong else 'inside'} {low} to {high}."
            for reading in readings
        ]
        count = len(wrong) + slip
        return [*steps, f"Outside: {len(readings)} - {4 - len(wrong) + luck} = {count}."], count
    _, rate, hours, stood = numbers
    made = rate * (hours - stood) + slip
    return [
        f"The line ran for {hours} - {stood} = {hours - stood + luck} hours.",
        f"It made {rate} * {hours - stood} = {made} parts.",
    ], made


def reply(asked: str) -> str:
    """What is said to a message."""
    found = re.search(r"(Instruction: .*?\n+)?[^\n]*How many[^\n]*", asked)
    if found is None:
        return "I only know the questions of the quality desk."
    chance = zlib.crc32(found[0].encode()) % 8
    told = "The right answer is" in asked
    steps, answer = chain(found[0], luck=int(chance == 1), slip=int(chance == 0 and not told))
    return "\n".join((*steps, f"So the answer is {answer}."))


class Teacher(BaseHTTPRequestHandler):
    """Words stand for tokens."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """A chat completion."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = reply(asked["messages"][-1]["content"])
        read = sum(len(message["content"].split()) for message in asked["messages"])
        written = len(said.split())
        message = {"role": "assistant", "content": said}
        tokens = {"prompt_tokens": read, "completion_tokens": written}
        self._send(
            {
                "id": "pilot",
                "object": "chat.completion",
                "created": 0,
                "model": asked["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {**tokens, "total_tokens": read + written},
            }
        )

    def do_GET(self) -> None:
        """The models there are."""
        self._send({"object": "list", "data": [{"id": "desk-teacher", "object": "model"}]})

    def _send(self, what: dict[str, Any]) -> None:
        content = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing for each request."""


class Server(ThreadingHTTPServer):
    """As many may wait for it as a collection asks at once."""

    request_queue_size = 64


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("python teacher.py PORT; to one question it would say:")
        print(reply("Batch 7: 3 boxes of 4 parts were packed, and 2 were rejected. How many?"))
        sys.exit()
    port = int(sys.argv[1])
    print(f"a stand-in for a teacher at http://127.0.0.1:{port}/v1", flush=True)
    Server(("127.0.0.1", port), Teacher).serve_forever()
