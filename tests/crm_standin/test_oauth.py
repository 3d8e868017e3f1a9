"""Signing in, refreshing, revoking: the answers and errors of the token service."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.crm_standin.client import BASE, Answer, Client
from tests.crm_standin.signing_in import CALLBACK, JORDAN, RILEY, OAuth, as_user, challenge, query


@pytest.fixture
def oauth(client: Client) -> OAuth:
    return OAuth(client)


def error(answer: Answer) -> str:
    assert answer.status == 400
    assert set(answer.body) == {"error", "error_description"}
    return str(answer.body["error"])


def test_a_sign_in_gives_tokens_that_work(client: Client, oauth: OAuth) -> None:
    back = oauth.sent_back()
    assert back["state"] == "s 1&2"
    tokens = oauth.exchange(back["code"]).body
    assert list(tokens) == [
        "access_token", "refresh_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"
    ]  # fmt: skip
    assert tokens["access_token"].startswith("00D")
    assert isinstance(tokens["issued_at"], str)
    assert len(tokens["issued_at"]) == 13
    assert (tokens["token_type"], tokens["instance_url"]) == ("Bearer", client.url)
    assert set(tokens["scope"].split()) == {"api", "refresh_token"}
    me = as_user(client, tokens["access_token"])
    assert me.api("GET", "/limits").status == 200
    who = me.call("GET", urlsplit(tokens["id"]).path, Authorization=f"Bearer {me.token}").body
    assert (who["display_name"], who["user_id"]) == ("Riley Chen", tokens["id"].rpartition("/")[2])


def test_every_user_works_as_themselves(client: Client, oauth: OAuth) -> None:
    tokens = oauth.sign_in("hana.sato@ringdown.example")
    hana = as_user(client, tokens["access_token"])
    made = hana.read("Contact", hana.create("Contact", LastName="Hers"))
    user_id = tokens["id"].rpartition("/")[2]
    assert {made["OwnerId"], made["CreatedById"], made["LastModifiedById"]} == {user_id}
    info = hana.call("GET", "/services/oauth2/userinfo", Authorization=f"Bearer {hana.token}").body
    assert (info["name"], info["zoneinfo"]) == ("Hana Sato", "Asia/Tokyo")
    own = f"/id/{tokens['id'].partition('/id/')[2]}"
    assert client.call("GET", own, Authorization=f"Bearer {client.token}").status == 404
    client.api("PATCH", f"/sobjects/Contact/{made['Id']}", {"FirstName": "Not"})
    assert client.read("Contact", made["Id"])["LastModifiedById"] != user_id


def test_a_code_is_good_once_and_not_for_ever(oauth: OAuth) -> None:
    code = oauth.sent_back()["code"]
    assert oauth.exchange(code).status == 200
    assert error(oauth.exchange(code)) == "invalid_grant"
    oauth.policy(code_seconds=0)
    late = oauth.exchange(oauth.sent_back()["code"])
    assert (error(late), late.body["error_description"]) == ("invalid_grant", "expired authorization code")


def test_a_code_raced_for_is_given_once(oauth: OAuth) -> None:
    code = oauth.sent_back()["code"]
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(oauth.exchange(code).status)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [200, *[400] * 5]


def test_a_refresh_token_raced_for_is_rotated_once(oauth: OAuth) -> None:
    token = oauth.sign_in()["refresh_token"]
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(oauth.refresh(token))) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status for one in answers) == [200, *[400] * 5]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": "w" * 64}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": CALLBACK + "/"}, "redirect_uri_mismatch"),
        ({"client_id": "other"}, "invalid_client_id"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_exchange_is_told(oauth: OAuth, changes: dict[str, Any], expected: str) -> None:
    assert error(oauth.exchange(oauth.sent_back()["code"], **changes)) == expected


def test_the_token_service_wants_a_post(client: Client) -> None:
    assert error(client.call("GET", "/services/oauth2/token?grant_type=refresh_token")) == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "api web"}, "invalid_scope"),
        ({"standin_user": "-"}, "access_denied"),
        ({"standin_user": "nobody@example"}, "invalid_grant"),
    ],
)
def test_a_wrong_request_is_sent_back_with_its_state(oauth: OAuth, changes: dict[str, Any], expected: str) -> None:
    back = oauth.sent_back(**changes)
    assert (back["error"], back["state"], "code" in back) == (expected, "s 1&2", False)
    assert back["error_description"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": None}, "redirect_uri_missing"),
        ({"redirect_uri": "http://localhost:1717/OauthRedirect/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost:1718/OauthRedirect"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1:1717/OauthRedirect"}, "redirect_uri_mismatch"),
    ],
)
def test_nobody_is_sent_to_an_unknown_place(oauth: OAuth, changes: dict[str, Any], expected: str) -> None:
    answer = oauth.authorize(**changes)
    assert answer.status == 400
    assert f"error={expected}" in answer.body
    assert "location" not in answer.headers


def test_callbacks_are_registered_and_the_address_form_may_be_allowed(oauth: OAuth) -> None:
    other = "http://localhost:40123/OauthRedirect"
    assert oauth.authorize(redirect_uri=other).status == 400
    oauth.policy(redirect_uris=[other])
    assert "code" in oauth.sent_back(redirect_uri=other)
    assert oauth.authorize().status == 400
    numeric = other.replace("localhost", "127.0.0.1")
    assert oauth.authorize(redirect_uri=numeric).status == 400
    oauth.policy(loopback_ip=True)
    back = oauth.sent_back(redirect_uri=numeric)
    assert error(oauth.exchange(back["code"], redirect_uri=other)) == "redirect_uri_mismatch"


def test_jsforce_leaves_the_method_out(oauth: OAuth) -> None:
    assert oauth.exchange(oauth.sent_back(code_challenge_method=None)["code"]).status == 200


def test_each_refresh_gives_another_token_and_kills_the_old(oauth: OAuth) -> None:
    first = oauth.sign_in()
    second = oauth.refresh(first["refresh_token"]).body
    assert second["refresh_token"] != first["refresh_token"]
    assert second["id"] == first["id"]
    assert oauth.works(second["access_token"])
    dead = oauth.refresh(first["refresh_token"])
    assert (error(dead), dead.body["error_description"]) == ("invalid_grant", "expired access/refresh token")
    assert oauth.refresh(second["refresh_token"]).status == 200


def test_without_rotation_the_refresh_token_stays_and_is_not_repeated(oauth: OAuth) -> None:
    oauth.policy(rotation=False)
    first = oauth.sign_in()
    for _ in range(2):
        again = oauth.refresh(first["refresh_token"])
        assert again.status == 200
        assert "refresh_token" not in again.body


def test_without_its_scope_there_is_no_refresh_token(client: Client, oauth: OAuth) -> None:
    tokens = oauth.sign_in(scope="api openid")
    assert "refresh_token" not in tokens
    assert len(tokens["id_token"].split(".")) == 3
    assert oauth.works(tokens["access_token"])


def test_without_the_api_scope_the_api_stays_closed(client: Client, oauth: OAuth) -> None:
    token = oauth.sign_in(scope="refresh_token id")["access_token"]
    answer = as_user(client, token).api("GET", "/limits")
    assert (answer.status, answer.code) == (401, "INVALID_SESSION_ID")
    assert answer.message == "This session is not valid for use with the REST API"
    assert client.call("GET", "/services/oauth2/userinfo", Authorization=f"Bearer {token}").status == 200


def test_the_sixth_sign_in_ends_the_first(oauth: OAuth) -> None:
    made = [oauth.sign_in() for _ in range(5)]
    other = oauth.sign_in(JORDAN)
    assert oauth.refresh(made[0]["refresh_token"], scope=None).status == 200
    oauth.sign_in()
    assert not oauth.works(made[0]["access_token"])
    assert all(oauth.works(one["access_token"]) for one in (*made[1:], other))
    assert oauth.refresh(made[1]["refresh_token"]).status == 200


def test_revoking_a_refresh_token_ends_what_came_from_it(client: Client, oauth: OAuth) -> None:
    mine, other = oauth.sign_in(), oauth.sign_in()
    done = oauth.form("revoke", token=mine["refresh_token"])
    assert (done.status, done.body) == (200, None)
    assert not oauth.works(mine["access_token"])
    assert error(oauth.refresh(mine["refresh_token"])) == "invalid_grant"
    assert oauth.works(other["access_token"])
    assert client.call("GET", f"/services/oauth2/revoke?token={other['access_token']}").status == 200
    assert not oauth.works(other["access_token"])
    assert oauth.refresh(other["refresh_token"]).status == 200
    unknown = oauth.form("revoke", token=mine["refresh_token"])
    assert unknown.status == 400
    assert unknown.body.startswith("error=invalid_token&error_description=")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"installed": False}, "invalid_client"),
        ({"blocked": True}, "OAUTH_APP_BLOCKED"),
        ({"denied_users": [RILEY]}, "OAUTH_APP_ACCESS_DENIED"),
        ({"ip_restricted": True}, "invalid_grant"),
        ({"org_active": False}, "inactive_org"),
    ],
)
def test_what_an_admin_forbids_is_told_everywhere(oauth: OAuth, policy: dict[str, Any], expected: str) -> None:
    tokens, code = oauth.sign_in(), oauth.sent_back()["code"]
    oauth.policy(**policy)
    assert oauth.sent_back()["error"] == expected
    assert error(oauth.exchange(code)) == expected
    assert error(oauth.refresh(tokens["refresh_token"])) == expected


def test_not_installed_says_so_in_the_words_of_the_redirect(oauth: OAuth) -> None:
    oauth.policy(installed=False)
    where = oauth.authorize().headers["location"]
    assert "error=invalid_client&error_description=app+must+be+installed+into+org" in where


def test_a_blocked_app_has_no_api_either(client: Client, oauth: OAuth) -> None:
    token = oauth.sign_in()["access_token"]
    oauth.policy(blocked=True)
    answer = as_user(client, token).api("GET", "/limits")
    assert (answer.status, answer.message) == (401, "This session is not valid for use with the REST API")


def test_a_user_made_inactive_is_out(client: Client, oauth: OAuth) -> None:
    tokens = oauth.sign_in(JORDAN)
    user_id = tokens["id"].rpartition("/")[2]
    client.control("POST", "/records/User", [{"Id": user_id, "IsActive": False}])
    assert error(oauth.refresh(tokens["refresh_token"])) == "inactive_user"
    assert not oauth.works(tokens["access_token"])
    assert oauth.sent_back(standin_user=JORDAN)["error"] == "inactive_user"
    client.control("POST", "/records/User", [{"Id": user_id, "IsActive": True}])
    assert oauth.refresh(tokens["refresh_token"]).status == 200


def test_sessions_and_refresh_tokens_can_have_an_age(oauth: OAuth) -> None:
    tokens = oauth.sign_in()
    oauth.policy(session_seconds=0.0001)
    assert not oauth.works(tokens["access_token"])
    oauth.policy(session_seconds=0, refresh_idle_seconds=0.0001)
    assert oauth.works(tokens["access_token"])
    assert error(oauth.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_the_kill_switch_ends_sessions_approvals_or_both(client: Client, oauth: OAuth) -> None:
    mine, other = oauth.sign_in(), oauth.sign_in(JORDAN)
    assert client.control("POST", "/oauth/end", {"user": RILEY, "what": "sessions"}).body == {
        "sessions": 1,
        "approvals": 0,
    }
    assert not oauth.works(mine["access_token"])
    assert oauth.works(other["access_token"])
    mine = oauth.refresh(mine["refresh_token"]).body
    client.control("POST", "/oauth/end", {"what": "approvals"})
    assert oauth.works(mine["access_token"])
    assert error(oauth.refresh(mine["refresh_token"])) == "invalid_grant"
    assert client.control("POST", "/oauth/end").status == 200
    assert not oauth.works(mine["access_token"])
    assert not oauth.works(client.token)
    client.token = client.control("POST", "/session").body["access_token"]


def test_control_lists_without_tokens_and_checks_values(client: Client, oauth: OAuth) -> None:
    tokens = oauth.sign_in()
    state = client.control("GET", "/oauth").body
    assert len(state["approvals"]) == len(state["sessions"]) == 1
    assert state["policy"]["rotation"] is True
    assert tokens["access_token"] not in str(state)
    assert tokens["refresh_token"] not in str(state)
    for wrong in ({"nope": 1}, {"rotation": 1}, {"approvals": "5"}, {"approvals": True}, {"redirect_uris": "x"}):
        assert client.control("POST", "/oauth", wrong).status == 400
    assert client.control("POST", "/oauth/sign-in", {"user": "nobody"}).status == 400
    assert client.control("POST", "/oauth/end", {"what": "x"}).status == 400


def test_the_answer_may_name_another_instance(oauth: OAuth) -> None:
    oauth.policy(instance_url="http://127.0.0.1:1", expires_in=7200)
    tokens = oauth.sign_in()
    assert (tokens["instance_url"], tokens["expires_in"]) == ("http://127.0.0.1:1", 7200)


def test_reset_forgets_sign_ins_but_not_the_fixed_token(client: Client, oauth: OAuth) -> None:
    tokens = oauth.sign_in()
    oauth.policy(rotation=False)
    client.control("POST", "/reset")
    assert not oauth.works(tokens["access_token"])
    assert error(oauth.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert oauth.works(client.token)
    assert client.control("GET", "/oauth").body["policy"]["rotation"] is True


def test_tokens_open_every_api_path(client: Client, oauth: OAuth) -> None:
    token = oauth.sign_in(JORDAN)["access_token"]
    me = as_user(client, token)
    paths = ("", "/limits", "/sobjects", "/sobjects/Task/describe", "/query?q=SELECT+Id+FROM+Contact")
    assert [me.api("GET", path).status for path in paths] == [200] * 5
    part = {"method": "GET", "url": f"{BASE}/limits", "referenceId": "a"}
    assert me.api("POST", "/composite", {"compositeRequest": [part]}).status == 200
    record = {"attributes": {"type": "Contact"}, "LastName": "x"}
    assert me.api("POST", "/composite/sobjects", {"records": [record]}).body[0]["success"] is True


def test_the_page_posts_back_and_signs_in(client: Client, oauth: OAuth) -> None:
    page = oauth.authorize(standin_user=None, login_hint=JORDAN)
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.body.count("<button name=") == 5
    assert page.body.index(JORDAN) < page.body.index(RILEY + "<")
    assert 'value="s 1&amp;2"' in page.body
    user_id = client.column(f"SELECT Id FROM User WHERE Username = '{JORDAN}'", "Id")[0]
    done = oauth.form("authorize", **query(standin_user=None, user=user_id))
    assert done.status == 302
    code = done.headers["location"].partition("code=")[2].partition("&")[0]
    assert oauth.exchange(unquote(code)).body["id"].endswith(user_id)
    denied = oauth.form("authorize", **query(standin_user=None, user="-"))
    assert "error=access_denied" in denied.headers["location"]


def test_a_user_may_be_signed_in_without_a_page(oauth: OAuth) -> None:
    oauth.policy(auto_approve=JORDAN, denial="access-denied")
    assert "code" in oauth.sent_back(standin_user=None)
    assert oauth.authorize(standin_user=None, prompt="login").status == 200
    oauth.policy(auto_approve="-")
    assert oauth.sent_back(standin_user=None)["error"] == "access-denied"


def test_verifier_bounds(oauth: OAuth) -> None:
    for length in (43, 128):
        verifier = "a" * length
        code = oauth.sent_back(code_challenge=challenge(verifier))["code"]
        assert oauth.exchange(code, code_verifier=verifier).status == 200
