"""`cascod bundle` and `cascod verify`: a claim's evidence, and every change of it found."""

from __future__ import annotations

import gzip
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from small_students import make_records
from synthetic_run import SyntheticSystem, write_report, write_run

from harness.cli import main
from harness.governing.canonical_tar import header, padding, write_archive
from harness.governing.manifest import MANIFEST, SUM, Manifest, Member, sum_line
from harness.governing.verification import verify_bundle
from tasks.errors import UserError
from tasks.records.record import write_records

SYSTEMS = (
    SyntheticSystem("std_cot", [0], {"ind": 0.8, "ood": 0.45}),
    SyntheticSystem("cascod", [0], {"ind": 0.82, "ood": 0.62}),
)
Cascod = Callable[..., tuple[int, str]]
SECRET = "What is 3 times 4?"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reported run with training records and weights."""
    run = write_run(tmp_path_factory.mktemp("runs") / "ours", SYSTEMS, items_per_task=4)
    write_records(run / "data/train.jsonl", make_records(8))
    weights = run / "cells/tiny/cascod/seed0/checkpoint/model.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"weights")
    chosen_by = run / "cells/tiny/cascod/seed0/select/checkpoint-8/samples_dev.jsonl"
    chosen_by.parent.mkdir(parents=True)
    chosen_by.write_text(json.dumps({"doc": {"question": SECRET}}) + "\n")
    (run / ".lock").write_text("")
    write_report(run)
    return run


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def cascod(capsys: pytest.CaptureFixture[str]) -> Cascod:
    def call(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return call


@pytest.fixture
def bundle(run: Path, key: Path, tmp_path: Path, cascod: Cascod) -> Path:
    file = tmp_path / "claim.tar"
    assert cascod("bundle", run, "--out", file, "--key", key)[0] == 0
    return file


def new_key(folder: Path) -> Path:
    key = folder / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return key


def names_in(bundle: Path) -> list[str]:
    with tarfile.open(bundle) as archive:
        return [name.removeprefix("bundle/") for name in archive.getnames()]


def test_a_run_makes_the_same_bundle_every_time(
    run: Path, key: Path, bundle: Path, tmp_path: Path, cascod: Cascod
) -> None:
    cascod("bundle", run, "--out", tmp_path / "again.tar", "--key", key)
    assert (tmp_path / "again.tar").read_bytes() == bundle.read_bytes()


def test_it_holds_what_the_claim_rests_on_and_no_records_or_weights(bundle: Path) -> None:
    names = names_in(bundle)
    assert {"experiment.yaml", "plan.json", "provenance.json", "cards/train.md"} <= set(names)
    assert {"report/report.json", "report/report.html"} <= set(names)
    samples = [name for name in names if "/eval/samples_" in name]
    assert len(samples) == 2 * 3
    assert not [name for name in names if "checkpoint" in name or name.startswith("data/")]
    assert not [name for name in names if "/select/" in name]
    assert ".lock" not in names
    assert SECRET.encode() not in bundle.read_bytes()


def test_records_and_weights_go_in_where_they_are_asked_for(
    run: Path, tmp_path: Path, cascod: Cascod
) -> None:
    file = tmp_path / "all.tar"
    cascod("bundle", run, "--out", file, "--records", "--weights")
    assert "data/train.jsonl" in names_in(file)
    assert "cells/tiny/cascod/seed0/select/checkpoint-8/samples_dev.jsonl" in names_in(file)
    assert "cells/tiny/cascod/seed0/checkpoint/model.safetensors" in names_in(file)
    assert SECRET.encode() in file.read_bytes()
    status, told = cascod("verify", file)
    assert status == 0
    assert "signature: none" in told
    assert "not made again" not in told


def test_a_bundle_is_checked_where_the_run_is_not(bundle: Path, key: Path, cascod: Cascod) -> None:
    status, told = cascod("verify", bundle, "--key", f"{key}.pub")
    assert status == 0
    assert "files are as they were packed" in told
    assert "signature: ED25519 key SHA256:" in told
    assert "not made again: cues: needs the training records" in told
    assert "figures and texts are what the samples give, 0 differ" in told
    figures = told.split("report: ")[1].split()[0]
    assert int(figures.replace(",", "")) > 1000


def flipped(bundle: Path, place: int, to: Path) -> Path:
    content = bytearray(bundle.read_bytes())
    content[place] ^= 1
    to.write_bytes(content)
    return to


def faults_of(bundle: Path) -> Sequence[str]:
    try:
        found = verify_bundle(bundle)
    except UserError as error:
        return [str(error)]
    assert found.figures is None
    return found.faults


def places(bundle: Path) -> Iterator[tuple[str, int]]:
    """A byte of the header, the content and the padding of every member, with its name."""
    with tarfile.open(bundle) as archive:
        for info in archive:
            name = info.name.removeprefix("bundle/")
            yield name, info.offset + 3
            yield name, info.offset_data + info.size // 2
            if info.size % 512:
                yield name, info.offset_data + info.size


def test_one_changed_byte_of_any_member_is_found_and_named(bundle: Path, tmp_path: Path) -> None:
    tried = list(places(bundle))
    assert len({name for name, _ in tried}) == len(names_in(bundle)) > 20
    for name, place in tried:
        faults = faults_of(flipped(bundle, place, tmp_path / "changed.tar"))
        assert len(faults) == 1, (name, place, faults)
        assert name in faults[0], (place, faults)


def test_one_changed_byte_anywhere_is_found(bundle: Path, tmp_path: Path) -> None:
    size, rng = bundle.stat().st_size, Random(0)
    for place in [*rng.sample(range(size), 40), *range(size - 3, size)]:
        assert faults_of(flipped(bundle, place, tmp_path / "changed.tar"))


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content + b"\0"])
def test_what_is_cut_off_or_added_is_found(
    change: Callable[[bytes], bytes], bundle: Path, cascod: Cascod
) -> None:
    bundle.write_bytes(change(bundle.read_bytes()))
    status, told = cascod("verify", bundle)
    assert status == 1
    assert "the end of the archive" in told


def members_of(bundle: Path) -> dict[str, bytes]:
    with tarfile.open(bundle) as archive:
        found = {info.name.removeprefix("bundle/"): archive.extractfile(info) for info in archive}
        return {name: file.read() for name, file in found.items() if file}


def forge(file: Path, contents: Sequence[tuple[str, bytes]], run: str = "ours") -> Path:
    """An unsigned bundle whose sums fit whatever it holds."""
    members = tuple(Member(name, len(c), sha256(c).hexdigest()) for name, c in contents)
    manifest = Manifest(run=run, signed=False, records=False, weights=False, members=members)
    first = manifest.to_bytes()
    whole = [(MANIFEST, first), (SUM, sum_line(first)), *contents]
    write_archive(file, [(name, len(content), content) for name, content in whole])
    return file


def test_a_report_that_its_samples_do_not_give_is_found_though_all_sums_fit(
    bundle: Path, tmp_path: Path, cascod: Cascod
) -> None:
    contents = {n: c for n, c in members_of(bundle).items() if not n.startswith(MANIFEST)}
    report = json.loads(contents["report/report.json"])
    report["comparisons"][0]["value"] += 0.01
    contents["report/report.json"] = json.dumps(report).encode()
    forged = forge(tmp_path / "forged.tar", sorted(contents.items()))
    status, told = cascod("verify", forged)
    assert status == 1
    assert "files are as they were packed" in told
    assert "DIFFERS comparisons[0].value: " in told
    assert "1 differ" in told


def test_a_signature_of_somebody_else_is_none(bundle: Path, tmp_path: Path, cascod: Cascod) -> None:
    status, told = cascod("verify", bundle, "--key", f"{new_key(tmp_path)}.pub")
    assert status == 1
    assert "CHANGED manifest.json.sig: is not of" in told


def test_a_key_asks_for_a_signature(run: Path, key: Path, tmp_path: Path, cascod: Cascod) -> None:
    cascod("bundle", run, "--out", tmp_path / "unsigned.tar")
    status, told = cascod("verify", tmp_path / "unsigned.tar", "--key", f"{key}.pub")
    assert status == 1
    assert "manifest.json.sig: there is none" in told


HOSTILE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a way up": ("does not stay inside", lambda f: forge(f, [("../gone", b"x")])),
    "an absolute path": ("does not stay inside", lambda f: forge(f, [("/tmp/gone", b"x")])),
    "a run with a way up": ("no name of a folder", lambda f: forge(f, [], run="..")),
    "two of one name": ("names 'a' twice", lambda f: forge(f, [("a", b"1"), ("a", b"2")])),
    "its own manifest": ("the bundle's own", lambda f: forge(f, [(MANIFEST, b"{}")])),
    "a file as a folder": (
        "inside of what is a file",
        lambda f: forge(f, [("a", b"1"), ("a/b", b"2")]),
    ),
    "nothing to report": ("no report can be made", lambda f: forge(f, [("a", b"1")])),
    "a gzip file": ("no header of a bundle", lambda f: f.write_bytes(gzip.compress(bytes(9**6)))),
    "an empty file": ("no header of a bundle", lambda f: f.write_bytes(b"")),
    "too large a manifest": ("too many", lambda f: f.write_bytes(header(MANIFEST, 1 << 30))),
    "a manifest that nests": (
        "cannot be read",
        lambda f: write_archive(
            f,
            [
                (MANIFEST, 10**5, b"[" * 10**5),
                (SUM, len(sum_line(b"")), sum_line(b"[" * 10**5)),
            ],
        ),
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_could_do_harm_is_refused_in_one_line(
    kind: str, tmp_path: Path, cascod: Cascod
) -> None:
    why, write = HOSTILE[kind]
    write(tmp_path / "hostile.tar")
    status, told = cascod("verify", tmp_path / "hostile.tar")
    assert status == 2
    assert why in told
    assert told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.tar"]


def test_a_link_in_place_of_a_member_is_not_followed(tmp_path: Path, cascod: Cascod) -> None:
    file = forge(tmp_path / "linked.tar", [("a", b"harmless")])
    link = tarfile.TarInfo("bundle/a")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    whole = header("a", 8) + b"harmless" + padding(8)
    content = file.read_bytes()
    assert content.count(whole) == 1
    file.write_bytes(content.replace(whole, link.tobuf(tarfile.PAX_FORMAT) + bytes(512)))
    status, told = cascod("verify", file)
    assert status == 1
    assert "CHANGED a: a link, folder or device stands in its place" in told


def test_a_member_that_claims_more_than_there_is_is_cut_off(tmp_path: Path, cascod: Cascod) -> None:
    member = Member("a", 1 << 40, sha256(b"").hexdigest())
    manifest = Manifest(run="r", signed=False, records=False, weights=False, members=(member,))
    first = manifest.to_bytes()
    write_archive(
        tmp_path / "bomb.tar",
        [(MANIFEST, len(first), first), (SUM, len(sum_line(first)), sum_line(first))],
    )
    content = (tmp_path / "bomb.tar").read_bytes().rstrip(b"\0")
    content += padding(len(content)) + header("a", 1 << 40) + b"little"
    (tmp_path / "bomb.tar").write_bytes(content)
    status, told = cascod("verify", tmp_path / "bomb.tar")
    assert status == 1
    assert "CHANGED a: is cut off" in told


def test_a_report_is_made_anew_before_it_is_packed(tmp_path: Path, cascod: Cascod) -> None:
    run = write_run(tmp_path / "run", SYSTEMS, items_per_task=4)
    out = tmp_path / "claim.tar"
    status, told = cascod("bundle", run, "--out", out)
    assert (status, "no report/report.json; make it with cascod report" in told) == (2, True)
    write_report(run)
    report = json.loads((run / "report/report.json").read_text())
    report["accuracies"][0]["value"] = 0.99
    (run / "report/report.json").write_text(json.dumps(report))
    status, told = cascod("bundle", run, "--out", out)
    assert status == 2
    assert "accuracies[0].value: 0.99 in the report" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("bundle", ".", "--out", "x.tar"), "not a run directory"),
        (("verify", "absent.tar"), "no such file"),
        (("verify", "."), "is a directory"),
    ],
)
def test_what_is_not_there_is_one_line(
    arguments: Sequence[str],
    why: str,
    tmp_path: Path,
    cascod: Cascod,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, told = cascod(*arguments)
    assert (status, told.count("\n")) == (2, 1)
    assert why in told


def test_a_key_that_is_none_is_refused(run: Path, tmp_path: Path, cascod: Cascod) -> None:
    (tmp_path / "key").write_text("no key")
    (tmp_path / "key").chmod(0o600)
    for key in (tmp_path / "key", tmp_path / "absent"):
        status, told = cascod("bundle", run, "--out", tmp_path / "x.tar", "--key", key)
        assert (status, told.count("\n")) == (2, 1)
        assert not (tmp_path / "x.tar").exists()
