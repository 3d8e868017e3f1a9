"""The far end as a program: its help, its end, its limits."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

from sip.standin.number_table import TABLE
from tests.sip_standin.far_end import ROOT, FarEnd
from tests.sip_standin.sip_client import SipClient


def test_help_shows_the_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sip.standin", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(entry.number in done.stdout and entry.says in done.stdout for entry in TABLE)


def test_four_calls_at_most_and_all_are_ended_at_the_end(tmp_path: Path) -> None:
    far_end = FarEnd(tmp_path / "errors", "--no-replies")
    with SipClient(far_end.sip) as client:
        assert far_end.get("/health")["replies"] is False
        dialog = client.invite("+14155550101")
        client.finish(dialog)
        for _ in range(3):
            far_end.post("/call", **{"from": "+14155550142"})  # to where the call came from
            client.respond(client.wait_request("INVITE"), 180)
        assert far_end.refusal("/call", **{"from": "+14155550142"}) == 409

        def answer_goodbyes() -> None:
            client.respond(client.wait_request("BYE"), 200)
            for _ in range(3):
                client.respond(client.wait_request("CANCEL"), 200)

        answers = threading.Thread(target=answer_goodbyes)
        answers.start()
        assert far_end.close() == 0
        answers.join(10)
        assert not answers.is_alive()
    assert far_end.complaints() == ""


def test_ends_on_sigterm(tmp_path: Path) -> None:
    far_end = FarEnd(tmp_path / "errors")
    far_end.process.send_signal(signal.SIGTERM)
    assert far_end.process.wait(8) == 0
    far_end.close()


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    far_end = FarEnd(tmp_path / "errors")
    command = [sys.executable, "-m", "sip.standin", "--port", far_end.sip.split(":")[1]]
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    far_end.close()
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == "The port asked for cannot be used.\n"
