"""Notices on the screen of a device: turned on, shown through the real worker, quiet where somebody reads, gone after signing out."""

import json

from playwright.sync_api import expect

from tests.journeys.conftest import in_words, ready

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, lang, data, icon }) => ({ title, body, tag, lang, data, icon: new URL(icon).pathname }))"""
# No push service is reached from here: the browser's part is played, with keys that a browser could have made.
PLAYED = """
const keys = { p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "BTBZMqHH6r4Tts7J_aSIgg" };
PushManager.prototype.subscribe = async function ({ applicationServerKey }) {
  if (applicationServerKey.length !== 65) throw new TypeError("no key");
  return { toJSON: () => ({ endpoint: "https://push.example/send/1", keys }) };
};
"""
NOTICE = {
    "title": "阿禾回复了你",
    "body": "用三脚架。",
    "url": "/notices/1/",
    "tag": "notice-1",
    "lang": "zh-Hans",
    "count": 2,
}


def start(visitor, server, **how):
    """Return the page of a member whose worker is there and who lets us show notifications."""
    page = visitor("member", worker=True, **how)
    page.context.grant_permissions(["notifications"], origin=server.url)
    page.goto("/")
    page.wait_for_function(CONTROLLED)
    return page


def deliver(page, server, told):
    """Hand a message to the worker, as the browser does when its push service has one."""
    line = page.context.new_cdp_session(page)
    found = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    line.send("ServiceWorker.enable")
    while not [one for one in found if one["scopeURL"].startswith(server.url)]:
        page.wait_for_timeout(50)
    number = next(one["registrationId"] for one in found if one["scopeURL"].startswith(server.url))
    line.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": server.url, "registrationId": number, "data": json.dumps(told, ensure_ascii=False)},
    )


def test_turned_on_listed_and_off(visitor, server):
    page, say = start(visitor, server, lang="en", width=390), in_words("en")
    page.context.add_init_script(PLAYED)
    page.goto("/settings/notices/")
    ready(page)
    page.get_by_role("button", name=say("Turn on"), exact=True).click()
    expect(page.locator("#toasts")).to_contain_text(say("Notifications are on for this device."))
    assert server.ask("SELECT endpoint FROM notifications_device")[0] == ("https://push.example/send/1",)
    ready(page)
    page.get_by_role("button", name=say("Turn off"), exact=True).click()
    expect(page.get_by_role("button", name=say("Turn on"), exact=True)).to_be_visible()
    assert server.ask("SELECT endpoint FROM notifications_device") == []


def test_a_browser_that_refuses_is_said_in_words(visitor, server):
    page, say = visitor("member", lang="zh-CN", width=390, worker=True), in_words("zh-CN")
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto("/settings/notices/")
    ready(page)
    expect(page.locator("[data-push=denied]")).to_be_visible()
    expect(page.get_by_role("button", name=say("Turn on"), exact=True)).to_be_hidden()


def test_a_browser_without_a_push_service_is_said_in_words(visitor, server, watch):
    watch.forgive("Push API")
    page, say = start(visitor, server, lang="zh-CN", width=1440), in_words("zh-CN")
    page.goto("/settings/notices/")
    ready(page)
    page.get_by_role("button", name=say("Turn on"), exact=True).click()
    expect(page.locator("[data-push=failed]")).to_be_visible()


def test_without_scripts_it_is_said(visitor):
    page = visitor("member", lang="en", width=390, js=False)
    page.goto("/settings/notices/")
    expect(page.locator("[data-push=scripts]")).to_be_visible()


def test_a_notice_is_shown_unless_somebody_reads_here(visitor, server):
    page = start(visitor, server, lang="zh-CN", width=390)
    page.bring_to_front()
    deliver(page, server, {**NOTICE, "tag": "notice-0"})
    page.wait_for_timeout(500)
    assert page.evaluate(SHOWN) == []
    other = page.context.new_page()
    page.close()
    deliver(other, server, NOTICE)
    other.wait_for_timeout(300)
    other.goto("/offline/")
    other.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    [shown] = other.evaluate(SHOWN)
    assert shown.pop("icon").endswith("icon-192.png")
    assert shown == {**{key: NOTICE[key] for key in ("title", "body", "tag", "lang")}, "data": {"url": "/notices/1/"}}
    again = {**NOTICE, "title": "阿禾和另外两人回复了你"}
    other.goto("about:blank")
    deliver(other, server, again)
    other.wait_for_timeout(300)
    other.goto("/offline/")
    other.wait_for_function(f"async () => (await ({SHOWN})())[0]?.title === '{again['title']}'")
    assert len(other.evaluate(SHOWN)) == 1, "news of the same notice take its place"


def test_who_signs_out_leaves_no_notification_behind(visitor, server):
    page = start(visitor, server, lang="zh-CN", width=1440)
    page.goto("about:blank")
    deliver(page, server, NOTICE)
    page.wait_for_timeout(300)
    page.goto("/")
    page.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    page.locator(".menu.me > summary").click()
    page.locator(".menu.me form button").click()
    page.wait_for_function(f"async () => (await ({SHOWN})()).length === 0")


def test_what_one_member_read_is_not_kept_for_the_next(visitor, server, places):
    """The sign-in of the second member is one that the worker does not see."""
    page = start(visitor, server, lang="zh-CN", width=1440)
    page.goto(places["plain"])
    kept = "async () => (await (await caches.open('pages')).keys()).map((each) => new URL(each.url).pathname)"
    page.wait_for_function(f"async () => (await ({kept})()).includes(location.pathname)")
    page.context.clear_cookies()
    page.goto(places["solved"])
    page.wait_for_function(f"async () => (await ({kept})()).includes(location.pathname)")
    assert places["plain"] not in page.evaluate(kept)
