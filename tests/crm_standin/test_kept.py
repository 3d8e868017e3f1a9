"""What a stand-in started again on its folder still knows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.crm_standin.client import Client
from tests.crm_standin.signing_in import JORDAN, OAuth, signed_in
from tests.crm_standin.test_files import DATA, binary, described, download, upload

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path) -> tuple[subprocess.Popen[str], Client]:
    process = subprocess.Popen(
        [sys.executable, "-m", "crm.standin", "--data", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    return process, Client(first["url"], first["access_token"])


def kill(process: subprocess.Popen[str]) -> None:
    """As a crash would, so that nothing is written at the end."""
    process.kill()
    process.communicate(timeout=10)


def test_sign_ins_rules_fields_and_files_outlive_a_crash(tmp_path: Path) -> None:
    process, client = start(tmp_path / "org")
    oauth = OAuth(client)
    oauth.policy(rotation=False, approvals=1)
    mine = oauth.sign_in()
    theirs = oauth.sign_in(JORDAN)
    waiting = oauth.sent_back()["code"]
    made = upload(client, described({"PathOnClient": "a.mp3"}), binary()).body["id"]
    client.control("POST", "/custom/fields", {"object": "Task", "name": "Region__c", "required": True})
    kind = client.control("POST", "/custom/record-types", {"object": "Task", "name": "Call", "default": True}).body[
        "id"
    ]
    rule = {"object": "Lead", "when": "Company = 'No'", "message": "No."}
    client.control("POST", "/custom/validation", rule)
    client.control("POST", "/access", {"user": JORDAN, "object": "Contact", "field": "Title", "visible": False})
    client.control("POST", "/settings", {"api_limit": 777})
    kill(process)
    process, again = start(tmp_path / "org")
    try:
        oauth = OAuth(again)
        assert oauth.works(mine["access_token"])
        assert "refresh_token" not in oauth.refresh(mine["refresh_token"]).body
        assert oauth.exchange(waiting).status == 200
        assert oauth.refresh(mine["refresh_token"]).body["error"] == "invalid_grant"
        assert oauth.refresh(theirs["refresh_token"]).status == 200
        assert download(again, made) == (200, DATA)
        assert again.api("POST", "/sobjects/Task", {}).code == "REQUIRED_FIELD_MISSING"
        task = again.create("Task", Region__c="West")
        assert again.read("Task", task)["RecordTypeId"] == kind
        assert again.api("POST", "/sobjects/Lead", {"LastName": "x", "Company": "no"}).message == "No."
        assert signed_in(again, JORDAN).query("SELECT Title FROM Contact").code == "INVALID_FIELD"
        assert again.api("GET", "/limits").headers["sforce-limit-info"].endswith("/777")
        assert again.control("POST", "/reset").status == 204
        assert download(again, made)[0] == 404
    finally:
        kill(process)
