"""The program itself: its first line, how it ends, what it keeps, what it imports."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crm_standin.client import Client

ROOT = Path(__file__).resolve().parents[2]


def start(*options: str) -> tuple[subprocess.Popen[str], Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "crm.standin", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert set(first) == {"url", "access_token", "client_id"}
    return process, Client(first["url"], first["access_token"])


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=10)
    return process.returncode, errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    process, client = start()
    assert client.query("SELECT count() FROM Contact").body["totalSize"] == 24
    process.send_signal(number)
    assert end(process) == (0, "")


def test_it_ends_with_its_parents_pipe_even_while_slow() -> None:
    process, client = start("--until-stdin-closes")
    client.control("POST", "/faults", {"match": ".*", "kind": "slow", "seconds": 600})
    with socket.create_connection(("127.0.0.1", int(client.url.rpartition(":")[2]))) as waiting:
        waiting.sendall(b"GET /services/data/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        deadline = time.monotonic() + 10
        while client.control("GET", "/faults").body and time.monotonic() < deadline:
            time.sleep(0.01)
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert end(process) == (0, "")


def test_a_data_folder_keeps_records_and_session(tmp_path: Path) -> None:
    process, client = start("--data", str(tmp_path / "org"))
    made = client.upsert("Task", "Ringdown_Key__c", "k", Subject="keep \ud83c\udf89 日本").body["id"]
    process.kill()
    process.communicate(timeout=10)
    process, again = start("--data", str(tmp_path / "org"))
    assert again.token == client.token
    assert again.read("Task", made)["Subject"] == "keep \U0001f389 日本"
    assert again.upsert("Task", "Ringdown_Key__c", "k").body["created"] is False
    assert again.create("Task", Subject="next") > made
    other = subprocess.run(
        [sys.executable, "-m", "crm.standin", "--data", str(tmp_path / "org")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (other.returncode, other.stderr.strip()) == (1, "another stand-in is using that folder")
    process.terminate()
    assert end(process) == (0, "")


def test_a_taken_port_is_told_in_one_sentence() -> None:
    process, client = start()
    port = client.url.rpartition(":")[2]
    other = subprocess.run(
        [sys.executable, "-m", "crm.standin", "--port", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (other.returncode, other.stderr.strip()) == (1, f"port {port} is not free")
    process.terminate()
    assert end(process)[0] == 0


def test_it_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, crm.standin.__main__\n"
        "names = [name for name in sys.modules if not name.startswith(('crm.standin', '_'))]\n"
        "print(sorted(name for name in names if name.partition('.')[0] not in sys.stdlib_module_names))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert done.stdout.strip() == "['crm']"
