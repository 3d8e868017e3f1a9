"""A rep signs in, works while tokens come and go, signs out; and what waits is never lost and never another's."""

from __future__ import annotations

import json

import pytest

from app import settings_file
from app.errors import ErrorCode
from app.secret_names import GRANT_SECRET, TOKEN_SECRET
from app.usecases.login import CrmState
from tests.signin.browser import DENY, JORDAN, RILEY, sign_in_as
from tests.signin.world import ANA, World


def _user_id(world: World, name: str) -> str:
    return next(str(row["Id"]) for row in world.org.rows("User") if row["Username"] == name)


def test_signing_in(world: World) -> None:
    world.until(lambda: world.desk.login.status.asked)
    assert world.state is CrmState.SIGNED_OUT
    assert world.desk.login.status.problem is None
    world.sign_in()
    status = world.desk.login.status
    assert status.user is not None
    assert (status.user.username, status.instance) == (RILEY, world.org.url)
    assert status.problem is None
    assert world.problem() is None
    # The instance stands in the settings, the tokens only in the password store.
    world.until(lambda: settings_file.load(world.profile.folder).salesforce.instance_url == world.org.url)
    grant = json.loads(world.secrets.get(GRANT_SECRET) or "")
    assert grant["access_token"]
    for file in world.profile.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert grant["access_token"].encode() not in content
            assert grant["refresh_token"].encode() not in content


def test_the_next_start_is_signed_in(world: World) -> None:
    world.sign_in()
    world.call()
    world.again()
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    world.push()
    assert len(world.tasks()) == 1


def test_a_session_that_ends_in_the_middle_of_a_sync(world: World) -> None:
    world.sign_in()
    calls = [world.call() for _ in range(3)]
    world.text("one")
    world.end_sessions()
    world.org.clear_log()
    world.push()
    assert len(world.tasks()) == len(calls)
    assert len(world.days()) == 1
    assert world.token_requests() == 1
    assert world.state is CrmState.SIGNED_IN


@pytest.mark.parametrize("rotation", [True, False])
def test_it_renews_again_and_again(world: World, rotation: bool) -> None:
    world.org.control("POST", "oauth", {"rotation": rotation})
    world.sign_in()
    tokens = set()
    for _ in range(3):
        tokens.add(json.loads(world.secrets.get(GRANT_SECRET) or "")["refresh_token"])
        world.call()
        world.end_sessions()
        world.push()
    assert len(tokens) == (3 if rotation else 1)
    assert len(world.tasks()) == 3
    # What was stored last is good for the next start.
    world.end_sessions()
    world.again()
    world.until(lambda: world.state is CrmState.SIGNED_IN)


def test_the_org_moves(world: World) -> None:
    world.sign_in()
    elsewhere = world.org.url.replace("127.0.0.1", "localhost")
    world.org.control("POST", "oauth", {"instance_url": elsewhere})
    world.call()
    world.end_sessions()
    world.push()
    world.until(lambda: world.desk.lines.settings.salesforce.instance_url == elsewhere)
    assert world.desk.login.status.instance == elsewhere
    assert len(world.tasks()) == 1
    gateway = world.desk.login.gateway()
    assert gateway is not None
    assert gateway.new_contact_url("+1").startswith(elsewhere)


def test_five_other_computers_end_this_sign_in(world: World) -> None:
    world.sign_in()
    call_id = world.call()
    for _ in range(5):
        world.org.control("POST", "oauth/sign-in", {"user": RILEY})
    world.end_sessions()
    world.desk.sync.push()
    world.until(lambda: world.state is CrmState.SIGNED_OUT)
    problem = world.desk.login.status.problem
    assert problem is not None
    assert problem.code is ErrorCode.SIGN_IN_ENDED
    assert world.waiting == 1
    assert world.tasks() == []
    assert world.secrets.get(GRANT_SECRET) is None
    # Also after a start: nothing is tried in vain, nothing is lost.
    world.again()
    world.until(lambda: world.desk.login.status.asked)
    assert world.waiting == 1
    world.sign_in()
    world.push()
    (task,) = world.tasks()
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.task_id == task["Id"]


def test_a_lost_renewal_asks_for_a_sign_in_and_loses_nothing(world: World) -> None:
    world.sign_in()
    world.call()
    world.end_sessions()
    world.org.fault("POST .*/oauth2/token", "drop-after-commit")
    world.org.clear_log()
    world.desk.sync.push()
    world.until(lambda: world.state is CrmState.SIGNED_OUT)
    problem = world.desk.login.status.problem
    assert problem is not None
    assert problem.code is ErrorCode.SIGN_IN_LOST
    assert world.token_requests() == 1
    world.again()
    world.until(lambda: world.desk.login.status.problem)
    assert world.token_requests() == 1
    assert world.waiting == 1
    world.sign_in()
    world.push()
    assert len(world.tasks()) == 1


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"blocked": True}, ErrorCode.SIGN_IN_BLOCKED),
        ({"org_active": False}, ErrorCode.SIGN_IN_INACTIVE),
        ({"ip_restricted": True}, ErrorCode.SIGN_IN_NETWORK),
    ],
)
def test_what_the_admin_must_settle_is_said_and_the_sign_in_kept(
    world: World, policy: dict[str, object], code: ErrorCode
) -> None:
    world.sign_in()
    world.call()
    world.end_sessions()
    world.org.control("POST", "oauth", policy)
    world.desk.sync.push()
    world.until(lambda: world.state is CrmState.SIGNED_OUT)
    problem = world.desk.login.status.problem
    assert problem is not None
    assert problem.code is code
    assert world.waiting == 1
    # The admin has settled it: the next start needs no sign-in.
    world.org.control("POST", "oauth", {"blocked": False, "org_active": True, "ip_restricted": False})
    world.again()
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    world.push()
    assert len(world.tasks()) == 1


def test_salesforce_is_away_while_renewing(world: World) -> None:
    world.sign_in()
    world.call()
    world.end_sessions()
    world.org.fault("POST .*/oauth2/token", "html-503")
    world.desk.sync.push()
    world.until(lambda: world.state is CrmState.OFFLINE)
    assert world.waiting == 1
    world.push()
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    assert len(world.tasks()) == 1


def test_signing_out(world: World) -> None:
    world.org.load("Contact", {"FirstName": "Ana", "LastName": "Flores", "Phone": ANA})
    world.org.control("POST", "index")
    world.sign_in()
    world.desk.matching.look_up(ANA, fresh=True)
    world.until(lambda: world.desk.matching.known(ANA).records)
    call_id = world.call()
    world.desk.wrapup.set_notes(call_id, "kept")
    world.text("kept too")
    world.sign_out()
    assert world.state is CrmState.SIGNED_OUT
    assert world.has_left()
    assert world.desk.login.status.problem is None
    assert world.secrets.get(GRANT_SECRET) is None
    assert world.org.control("GET", "oauth")["approvals"] == []
    assert world.org.control("GET", "oauth")["sessions"] == []
    world.until(lambda: not world.desk.matching.known(ANA).records)
    log = world.desk.reads.call_log(call_id)
    assert log is not None
    assert log.notes == "kept"
    assert world.waiting == 2
    assert not world.told
    # It stays so, and everything goes out once the rep is back.
    world.again()
    world.until(lambda: world.desk.login.status.asked)
    assert world.has_left()
    assert world.state is CrmState.SIGNED_OUT
    world.sign_in()
    assert not world.has_left()
    world.push()
    assert (len(world.tasks()), len(world.days())) == (1, 1)


def test_signing_out_when_salesforce_cannot_be_told(world: World) -> None:
    world.sign_in()
    world.org.fault("POST .*/oauth2/revoke", "html-503")
    world.sign_out()
    assert world.secrets.get(GRANT_SECRET) is None
    assert world.told == [ErrorCode.SIGN_OUT_UNTOLD.value]
    assert world.state is CrmState.SIGNED_OUT


def test_another_rep_sends_nothing_of_the_first_ones(world: World) -> None:
    riley, jordan = _user_id(world, RILEY), _user_id(world, JORDAN)
    world.sign_in()
    world.text("known to Riley's record")
    world.push()
    mine = world.call()
    world.text("Riley's second")
    world.sign_out()
    # Between the two nobody is signed in.
    world.clock.move(60)
    between = world.call("+14155550144")
    world.text("of nobody yet")
    world.clock.move(60)
    world.sign_in(JORDAN)
    world.until(lambda: world.desk.reads.waiting_for_others() == (("Riley Chen", 2),))
    world.text("Jordan's own")
    world.push()
    keys = {str(task["Ringdown_Key__c"]).split("|")[0] for task in world.tasks()}
    assert keys == {jordan}
    assert len(world.tasks()) == 1
    log = world.desk.reads.call_log(between)
    assert log is not None
    assert log.task_id == world.tasks()[0]["Id"]
    days = {str(day["Key__c"]).split("|")[0]: str(day["Body__c"]) for day in world.days()}
    assert "Riley's second" not in days[riley]
    assert "Riley" not in days[jordan]
    assert "of nobody yet" in days[jordan]
    assert "Jordan's own" in days[jordan]
    # Jordan writes a note to Riley's waiting call: that is still Riley's.
    world.desk.wrapup.set_notes(mine, "by Jordan")
    world.until(lambda: (log := world.desk.reads.call_log(mine)) and log.notes == "by Jordan")
    world.push()
    assert len(world.tasks()) == 1
    # Riley is back, without Jordan having signed out.
    world.sign_in()
    world.until(lambda: world.desk.reads.waiting_for_others() == ())
    world.push()
    tasks = {str(task["Ringdown_Key__c"]).split("|")[0]: task for task in world.tasks()}
    assert set(tasks) == {riley, jordan}
    assert tasks[riley]["Description"].startswith("by Jordan")
    days = {str(day["Key__c"]).split("|")[0]: str(day["Body__c"]) for day in world.days()}
    assert len(world.days()) == 2
    assert "known to Riley's record" in days[riley]
    assert "Riley's second" in days[riley]
    assert "Jordan's own" not in days[riley]
    assert "of nobody yet" not in days[riley]


def test_a_file_token_and_a_sign_in_take_each_others_place(world: World) -> None:
    world.provision(instance_url=world.org.url, access_token=world.org.token)
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    world.sign_in()
    assert world.secrets.get(TOKEN_SECRET) is None
    assert world.secrets.get(GRANT_SECRET)
    world.provision(instance_url=world.org.url, access_token=world.org.token)
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    world.org.control("POST", "oauth/end", {"what": "all", "user": RILEY})
    world.call()
    world.push()
    assert len(world.tasks()) == 1
    # A token from a file cannot renew itself: another one is asked for, as ever.
    world.again()
    world.until(lambda: world.state is CrmState.SIGNED_IN)


def test_signing_in_again_leaves_no_old_sign_in_behind(world: World) -> None:
    for _ in range(3):
        world.sign_in()
    world.loop.until(lambda: len(world.org.control("GET", "oauth")["approvals"]) == 1)


def test_refused_in_the_browser(world: World) -> None:
    page = world.visit(DENY)
    assert "did not work" in page.text
    assert world.problem() is ErrorCode.SIGN_IN_DENIED
    assert world.state is CrmState.SIGNED_OUT
    world.desk.sign_in.dismiss()
    assert world.problem() is None
    world.sign_in()


def test_a_user_without_the_api(world: World) -> None:
    world.begin()
    world.desk.sign_in.cancel()
    world.until(lambda: world.desk.sign_in.waiting is None)
    world.org.settings(api_enabled=False)
    page = world.visit()
    assert "did not work" in page.text
    assert world.problem() is ErrorCode.SIGN_IN_NO_API
    assert world.secrets.get(GRANT_SECRET) is None
    assert world.org.control("GET", "oauth")["approvals"] == []


@pytest.mark.parametrize("how", ["no API", "blocked"])
def test_a_session_shut_out_of_the_api_waits_and_is_not_renewed_for_nothing(world: World, how: str) -> None:
    world.sign_in()
    world.call()

    def shut(out: bool) -> None:
        if how == "blocked":
            world.org.control("POST", "oauth", {"blocked": out})
        else:
            world.org.settings(api_enabled=not out)

    shut(True)
    world.org.clear_log()
    world.desk.sync.push()
    world.until(lambda: world.state is CrmState.SIGNED_OUT)
    problem = world.desk.login.status.problem
    assert problem is not None
    assert problem.code is ErrorCode.SIGN_IN_NO_API
    assert world.token_requests() == 0
    assert (world.waiting, world.desk.reads.outbox_count().failed) == (1, 0)
    assert world.secrets.get(GRANT_SECRET)
    shut(False)
    world.again()
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    world.push()
    assert len(world.tasks()) == 1


def test_cancelled_in_the_window(world: World) -> None:
    world.begin()
    assert world.desk.sign_in.waiting is not None
    world.desk.sign_in.cancel()
    world.until(lambda: world.desk.sign_in.waiting is None)
    assert world.problem() is None
    world.sign_in()


def test_pressed_twice_it_is_one_sign_in(world: World) -> None:
    first = world.begin()
    assert world.begin() == first


def test_no_browser_leaves_the_address(world: World) -> None:
    world.desk.sign_in.start(lambda _: False)
    world.until(lambda: (waiting := world.desk.sign_in.waiting) and waiting.note)
    waiting = world.desk.sign_in.waiting
    assert waiting is not None
    assert waiting.note is not None
    assert waiting.note.code is ErrorCode.SIGN_IN_NO_BROWSER
    assert waiting.address.startswith(world.org.url)


def test_an_old_tab_is_told_apart(world: World) -> None:
    address = world.begin()
    stale = sign_in_as(address.replace("state=", "state=old"))
    assert "another sign-in" in stale.page().text
    world.until(lambda: (waiting := world.desk.sign_in.waiting) and waiting.note)
    tab = sign_in_as(address)
    world.until(lambda: world.state is CrmState.SIGNED_IN)
    assert "You are signed in" in tab.page().text


def test_another_domain_is_chosen(world: World) -> None:
    world.desk.sign_in.choose("acme")
    assert world.desk.lines.settings.salesforce.login_url == "https://acme.my.salesforce.com"
    world.desk.sign_in.choose(world.org.url)
    world.sign_in()
