"""A push service takes what we send, the browser can read it, and nobody else can."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_httpserver import HTTPServer
from werkzeug import Response

from terrace.kernel import outbound, push
from terrace.kernel.tests.pushing import NAME, PushService, b64, certificate, decrypt, point, unb64

# RFC 8291, appendix A
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(scalar):
    return ec.derive_private_key(int.from_bytes(unb64(scalar)), ec.SECP256R1())


@pytest.fixture
def service(tmp_path, now):
    with HTTPServer(host="127.0.0.1", ssl_context=certificate(tmp_path)) as server:
        yield PushService(server, tmp_path, push.application_key(), now)


@pytest.fixture
def send(service, now):
    def send(body=b'{"title": "hello"}', **changed):
        push.send(
            **{
                "browser": service.browser,
                "body": body,
                "topic": "notice-7",
                "ttl": 60,
                "now": now,
                "fetch": service.fetch,
            }
            | changed
        )

    return send


def test_the_example_of_the_rfc():
    browser = push.Browser("https://push.example/", RECEIVER_PUBLIC, AUTH)
    sealed = push.encrypt(PLAIN, browser, salt=unb64(SALT), sender=private(SENDER))
    assert b64(sealed) == SEALED
    assert decrypt(sealed, private(RECEIVER), unb64(AUTH)) == PLAIN


def test_nobody_else_can_read_it():
    browser = push.Browser("https://push.example/", RECEIVER_PUBLIC, AUTH)
    sealed = push.encrypt(PLAIN, browser)
    assert sealed != push.encrypt(PLAIN, browser) and decrypt(sealed, private(RECEIVER), unb64(AUTH)) == PLAIN
    with pytest.raises(InvalidTag):
        decrypt(sealed, private(SENDER), unb64(AUTH))


def test_a_message_has_a_largest_size():
    browser = push.Browser("https://push.example/", RECEIVER_PUBLIC, AUTH)
    assert len(push.encrypt(b"x" * push.LONGEST, browser)) == 4096
    with pytest.raises(ValueError, match="at most"):
        push.encrypt(b"x" * (push.LONGEST + 1), browser)


def test_the_key_is_the_installations_own(settings):
    first = push.application_key()
    assert first == push.application_key() and len(unb64(first)) == 65
    settings.SECRET_KEY = "another" * 8
    assert push.application_key() != first


def test_it_arrives_as_it_was_said(service, send):
    send('{"title": "林间 回复了你"}'.encode(), urgency="high")
    assert service.said == [{"title": "林间 回复了你"}]
    head = service.heads[0]
    assert (head["ttl"], head["topic"], head["urgency"]) == ("60", "notice-7", "high")


def test_a_signature_is_for_one_service_and_half_a_day(service, send, now):
    service.now = now + timedelta(hours=13)
    with pytest.raises(push.Rejected, match="403: expired"):
        send()
    _head, claims, _signature = (
        push.authorization("https://other.example:8443/x", now=now).split("t=")[1].split(",")[0].split(".")
    )
    assert json.loads(unb64(claims))["aud"] == "https://other.example:8443"


def test_another_key_is_refused(service, send, settings):
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(push.Rejected, match="another key"):
        send()


@pytest.mark.parametrize("site", ["https://community.example.com", "http://127.0.0.1:8000"])
def test_whom_to_ask(service, send, settings, site):
    settings.TERRACE_BASE_URL = site
    send()
    assert len(service.said) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_gone(service, send, status):
    service.answer = Response(status=status)
    with pytest.raises(push.Gone):
        send()


@pytest.mark.parametrize(
    ("status", "said", "after"),
    [
        (429, "120", 120),
        (503, "Sat, 18 Jul 2026 09:40:00 GMT", 600),
        (503, "Sat, 18 Jul 2026 09:00:00 GMT", 0),
        (500, "", 0),
        (429, "soon", 0),
        (429, "999999999", push.LATEST),
    ],
)
def test_later(service, send, status, said, after):
    service.answer = Response(status=status, headers={"Retry-After": said} if said else {})
    with pytest.raises(push.Later) as told:
        send()
    assert told.value.after == after


@pytest.mark.parametrize("status", [301, 400, 401, 403, 413])
def test_never(service, send, status):
    service.answer = Response("because", status=status, headers={"Location": "https://elsewhere.example/"})
    with pytest.raises(push.Rejected, match=f"{status}: because"):
        send()


def test_no_private_address_is_told_anything(send):
    with pytest.raises(outbound.OutboundRefused):
        send(browser=push.Browser("https://127.0.0.1/send/1", RECEIVER_PUBLIC, AUTH), fetch=outbound.fetch)


@pytest.mark.parametrize(
    ("endpoint", "p256dh", "auth"),
    [
        ("http://push.example/1", RECEIVER_PUBLIC, AUTH),
        ("https:///1", RECEIVER_PUBLIC, AUTH),
        ("https://push.example/" + "1" * 1000, RECEIVER_PUBLIC, AUTH),
        ("https://[push", RECEIVER_PUBLIC, AUTH),
        ("https://push.example/1", "", AUTH),
        ("https://push.example/1", "BCVx", AUTH),
        ("https://push.example/1", b64(b"\x04" + bytes(64)), AUTH),
        ("https://push.example/1", "汉字", AUTH),
        ("https://push.example/1", RECEIVER_PUBLIC, "BTBZ"),
        ("https://push.example/1", RECEIVER_PUBLIC, "?"),
    ],
)
def test_what_is_no_browser(endpoint, p256dh, auth):
    push.check(push.Browser(f"https://{NAME}/1", RECEIVER_PUBLIC, AUTH + "=="))
    with pytest.raises(ValueError):
        push.check(push.Browser(endpoint, p256dh, auth))


def test_the_key_of_the_example_is_its_own():
    assert b64(point(private(RECEIVER).public_key())) == RECEIVER_PUBLIC
