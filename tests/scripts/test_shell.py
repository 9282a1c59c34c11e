"""The shell scripts: what loads the demo company, what names missing programs, what a server runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEMO = "scripts/ensure-demo.sh"
SYSTEM = "scripts/ensure-system.sh"


def run(script: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script with only the given settings in its environment."""
    return subprocess.run(
        ["/bin/sh", str(script), *words], env=settings, capture_output=True, text=True, check=False
    )


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("files", "loaded"),
    [
        ({}, True),
        ({"store.json": '{"kind": "demo"}'}, True),  # begun and not finished
        ({"store.json": '{"kind": "demo"}', "CURRENT": "v1"}, False),
        ({"store.json": '{"kind": "own"}'}, False),  # empty on purpose
        ({"store.json": '{"kind": "own"}', "CURRENT": "v1"}, False),
    ],
)
def test_demo_is_loaded_only_into_a_store_that_is_not_there(
    files: dict[str, str], loaded: bool, project: Path, tmp_path: Path
):
    store = tmp_path / "store"
    store.mkdir()
    for name, text in files.items():
        (store / name).write_text(text)
    python = program(tmp_path, "python", 'echo "$@"')

    done = run(project / DEMO, str(python), ATTAIN_STORE=str(store), PATH=os.environ["PATH"])

    assert done.returncode == 0
    assert done.stdout == ("manage.py demo\n" if loaded else "")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH with the everyday tools, someone without rights, and nothing else."""
    folder = tmp_path / "bin"
    program(folder, "id", "echo 1000")
    program(folder, "ls", "exit 2")
    for name in ("grep", "cat"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


def test_missing_programs_are_named_when_they_cannot_be_installed(bare: Path, project: Path):
    done = run(project / SYSTEM, PATH=str(bare))
    assert done.returncode == 1
    assert "chromium postgresql openjdk-17-jre-headless." in done.stderr


def test_only_what_is_missing_is_named(bare: Path, project: Path):
    program(bare, "google-chrome", "exit 0")
    program(bare, "initdb", "exit 0")
    program(bare, "java", "echo 'openjdk version \"11.0.2\"' >&2")
    done = run(project / SYSTEM, PATH=str(bare))
    assert done.returncode == 1
    assert "chromium" not in done.stderr
    assert ": openjdk-17-jre-headless." in done.stderr


def test_nothing_is_asked_for_when_all_is_there(bare: Path, project: Path):
    program(bare, "chromium", "exit 0")
    program(bare, "initdb", "exit 0")
    program(bare, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    done = run(project / SYSTEM, PATH=str(bare))
    assert (done.returncode, done.stderr) == (0, "")


def test_missing_programs_are_installed_when_allowed(bare: Path, project: Path):
    program(bare, "id", "echo 0")
    program(bare, "apt-get", 'echo "$@"')
    done = run(project / SYSTEM, PATH=str(bare))
    assert done.returncode == 0
    assert "install -y -qq --no-install-recommends chromium postgresql openjdk-17-jre-headless" in done.stderr


@pytest.fixture
def checkout(project: Path, tmp_path: Path) -> Path:
    """A checkout whose ``make test`` tells what it was given."""
    folder = tmp_path / "checkout"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(project / ".ci" / "run", folder / ".ci")
    (folder / "Makefile").write_text('test:\n\t@echo "data=$${ATTAIN_DATA-none}"; cat\n')
    return folder


def serve(checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    # Under `make test` this runs inside another make, which would tell of every folder it enters.
    hidden = {"ATTAIN_DATA", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    settings = {name: value for name, value in os.environ.items() if name not in hidden} | more
    return subprocess.run(
        [str(checkout / ".ci" / "run")],
        cwd="/",
        env=settings,
        input="never read",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_server_names_the_data_beside_the_checkout(checkout: Path):
    assert serve(checkout).stdout == "data=none\n"
    data = checkout.parent / "shared" / "data"
    data.mkdir(parents=True)
    assert serve(checkout).stdout == f"data={data}\n"


def test_the_server_keeps_data_that_was_named(checkout: Path, tmp_path: Path):
    (checkout.parent / "shared" / "data").mkdir(parents=True)
    assert serve(checkout, ATTAIN_DATA=str(tmp_path)).stdout == f"data={tmp_path}\n"


def test_the_server_fails_when_the_tests_fail(checkout: Path):
    (checkout / "Makefile").write_text("test:\n\t@exit 3\n")
    assert serve(checkout).returncode != 0
