"""Signatures by OpenSSH: whoever pushes to a server or signs commits has such a key already, in a
file, an agent or a token, and OpenSSH is on every system; no library is needed.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.errors import UserError
from tasks.visible import visible

# What the signature is for, so that it is good for nothing else (OpenSSH, PROTOCOL.sshsig).
NAMESPACE = "cascod-bundle"
_SIGNER = "signer"
_BEGIN, _END, _WIDTH = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----", 70


def sign(content: bytes, key: Path) -> bytes:
    """The signature of the content by a private key (or a public one whose agent holds it).

    UserError where OpenSSH will not; keys of Ed25519 and RSA sign the same content alike.
    """
    if not key.is_file():
        raise UserError(f"{key}: no such key; make one with ssh-keygen -t ed25519")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "content"
        file.write_bytes(content)
        done = _ssh_keygen(["-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(file)])
        if done.returncode:
            raise UserError(f"{key}: cannot sign ({_last_line(done.stderr)})")
        return file.with_suffix(".sig").read_bytes()


def signer_of(content: bytes, signature: bytes) -> str:
    """The key's kind and fingerprint; ValueError where the signature is not of this content.

    Nobody is vouched for: anyone can make a key.
    """
    if signature != _as_written(signature):
        raise ValueError("is not as OpenSSH writes it")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "signature"
        file.write_bytes(signature)
        done = _ssh_keygen(["-Y", "check-novalidate", "-n", NAMESPACE, "-s", str(file)], content)
    if done.returncode:
        raise ValueError("is not a signature of this manifest")
    return done.stdout.split(" with ", 1)[-1].strip()


def is_signed_by(content: bytes, signature: bytes, public_key: Path) -> bool:
    """Whether the signature is of this content by the key in an OpenSSH public key file."""
    try:
        line = public_key.read_text().strip().splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        raise UserError(
            f"{public_key}: no public key of OpenSSH (a file like id_ed25519.pub)"
        ) from None
    if not line.split()[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise UserError(f"{public_key}: no public key of OpenSSH (a file like id_ed25519.pub)")
    with TemporaryDirectory() as folder:
        allowed, file = Path(folder) / "allowed", Path(folder) / "signature"
        allowed.write_text(f'{_SIGNER} namespaces="{NAMESPACE}" {line}\n')
        file.write_bytes(signature)
        arguments = ["-f", str(allowed), "-I", _SIGNER, "-n", NAMESPACE, "-s", str(file)]
        return _ssh_keygen(["-Y", "verify", *arguments], content).returncode == 0


def _as_written(signature: bytes) -> bytes:
    """The signature in the one form that OpenSSH writes: base64 lines of 70 characters."""
    lines = signature.decode("ascii", "replace").split("\n")
    try:
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except ValueError:
        return b""
    text = base64.b64encode(blob).decode()
    wrapped = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *wrapped, _END, ""]).encode()


def _ssh_keygen(arguments: Sequence[str], content: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run it; a passphrase is asked for on the terminal."""
    try:
        done = subprocess.run(["ssh-keygen", *arguments], input=content, capture_output=True)
    except FileNotFoundError:
        raise UserError("ssh-keygen: not found; signatures need OpenSSH 8.0 or later") from None
    text = [each.decode("utf-8", "replace") for each in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(done.args, done.returncode, *text)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return visible(lines[-1]) if lines else "no reason given"
