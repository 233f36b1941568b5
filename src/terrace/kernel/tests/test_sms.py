"""Senders of text messages, against gateways that really check what they are sent."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from werkzeug import Request, Response

from terrace.kernel import sms
from terrace.kernel.sms import aliyun, gateway, tencent

NOW = datetime(2026, 7, 18, 9, 30, tzinfo=UTC)
PHONE = "+8613800000000"
SECRET = "the secret of the account"
TEMPLATES = {"sign_in": {"id": "SMS_1", "params": ["code", "minutes"], "text": "Your code is {code}."}}


class Gateway:
    """The parts of a gateway that matter: it knows a secret and a clock, and what it has seen."""

    def __init__(self) -> None:
        self.now = NOW
        self.seen: set[str] = set()
        self.sent: list[dict] = []
        self.answer: tuple[int, object] | None = None
        self.delay = 0.0

    def __call__(self, request: Request) -> Response:
        time.sleep(self.delay)
        refused = self.check(request)
        if refused:
            return self.reply(*refused)
        if self.answer:
            return self.reply(*self.answer)
        return self.reply(200, self.accept(request))

    @staticmethod
    def reply(status: int, body: object) -> Response:
        text = body if isinstance(body, str) else json.dumps(body)
        return Response(text, status, content_type="application/json")


class Aliyun(Gateway):
    """Written from the published rules, apart from the code under test."""

    def check(self, request: Request):
        found = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=(\w+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})",
            request.headers.get("Authorization", ""),
        )
        if not found or found.group(1) != "AKID":
            return 404, {"Code": "InvalidAccessKeyId.NotFound"}
        names = found.group(2).split(";")
        needed = {
            "host",
            "x-acs-action",
            "x-acs-version",
            "x-acs-date",
            "x-acs-signature-nonce",
            "x-acs-content-sha256",
        }
        raw = request.environ["QUERY_STRING"]
        parts = sorted(raw.split("&"))
        lines = "".join(f"{name}:{request.headers[name]}\n" for name in sorted(names))
        body = gateway.sha256(request.get_data())
        text = f"{request.method}\n/\n{'&'.join(parts)}\n{lines}\n{';'.join(sorted(names))}\n{body}"
        mine = gateway.hmac256(SECRET.encode(), "ACS3-HMAC-SHA256\n" + gateway.sha256(text.encode())).hex()
        if mine != found.group(3) or not needed <= set(names) or body != request.headers["x-acs-content-sha256"]:
            return 400, {"Code": "SignatureDoesNotMatch"}
        at = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(at - self.now) > timedelta(minutes=15):
            return 400, {"Code": "InvalidTimeStamp.Expired"}
        if request.headers["x-acs-signature-nonce"] in self.seen:
            return 400, {"Code": "SignatureNonceUsed"}
        self.seen.add(request.headers["x-acs-signature-nonce"])
        return None

    def accept(self, request: Request) -> dict:
        pairs = (pair.split("=") for pair in request.environ["QUERY_STRING"].split("&"))
        self.sent.append({name: unquote(value) for name, value in pairs})
        return {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "R"}


class Tencent(Gateway):
    """The same for the other gateway."""

    def check(self, request: Request):
        found = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=(\w+)/([0-9-]+)/sms/tc3_request, SignedHeaders=([a-z;-]+), Signature=(\w{64})",
            request.headers.get("Authorization", ""),
        )
        if not found or found.group(1) != "AKID":
            return 200, {"Response": {"Error": {"Code": "AuthFailure.SecretIdNotFound"}}}
        stamp = int(request.headers["X-TC-Timestamp"])
        if abs(stamp - self.now.timestamp()) > 300:
            return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureExpire"}}}
        names = found.group(3).split(";")
        lines = "".join(f"{name}:{request.headers[name].lower()}\n" for name in names)
        body = gateway.sha256(request.get_data())
        text = f"POST\n/\n\n{lines}\n{found.group(3)}\n{body}"
        day = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
        signing = f"TC3-HMAC-SHA256\n{stamp}\n{day}/sms/tc3_request\n{gateway.sha256(text.encode())}"
        key = ("TC3" + SECRET).encode()
        for step in (day, "sms", "tc3_request"):
            key = gateway.hmac256(key, step)
        if gateway.hmac256(key, signing).hex() != found.group(4) or found.group(2) != day:
            return 200, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}
        return None

    def accept(self, request: Request) -> dict:
        assert request.headers["X-TC-Action"] == "SendSms"
        assert request.headers["X-TC-Version"] == "2021-01-11"
        self.sent.append(json.loads(request.get_data()))
        return {"Response": {"SendStatusSet": [{"SerialNo": "5000:1", "Code": "Ok"}], "RequestId": "R"}}


KINDS = {"aliyun": Aliyun, "tencent": Tencent}


@pytest.fixture(params=sorted(KINDS))
def house(request, httpserver):
    """A gateway and the options that lead to it."""
    fake = KINDS[request.param]()
    httpserver.expect_request("/").respond_with_handler(fake)
    options = {
        "backend": request.param, "access_key": "AKID", "secret": SECRET, "sign_name": "梯田 社区",
        "app_id": "1400006666",
        "region": "ap-guangzhou", "base_url": httpserver.url_for("").rstrip("/"), "templates": TEMPLATES, "timeout": 2,
    }  # fmt: skip
    return fake, options


def send(options, keys=None, now=NOW, key="k1", **params):
    params = params or {"code": "123456", "minutes": 5}
    return sms.send(PHONE, "sign_in", params, key=key, now=now, options=options, keys=keys or sms.MemoryKeys())


def test_the_published_example_of_aliyun():
    """The example in the documentation of signature V3."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
        "x-acs-content-sha256": gateway.sha256(b""), "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }  # fmt: skip
    query = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    answer = aliyun.authorization("POST", "/", query, headers, "YourAccessKeyId", "YourAccessKeySecret")
    assert answer.endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_accepted(house):
    fake, options = house
    sent = send(options)
    assert sent.reference in {"900619746936498440^0", "5000:1"}
    assert not sent.repeated
    (got,) = fake.sent
    if options["backend"] == "aliyun":
        assert got["PhoneNumbers"] == "8613800000000"
        assert json.loads(got["TemplateParam"]) == {"code": "123456", "minutes": "5"}
        assert (got["SignName"], got["OutId"], got["TemplateCode"]) == ("梯田 社区", "k1", "SMS_1")
    else:
        assert got["PhoneNumberSet"] == [PHONE]
        assert got["TemplateParamSet"] == ["123456", "5"]
        assert (got["SignName"], got["SessionContext"], got["TemplateId"]) == ("梯田 社区", "k1", "SMS_1")


def test_the_same_key_is_sent_once(house):
    fake, options = house
    keys = sms.MemoryKeys()
    send(options, keys)
    assert send(options, keys).repeated
    assert len(fake.sent) == 1
    send(options, keys, key="k2")
    assert len(fake.sent) == 2


def test_a_key_that_is_being_sent_waits(house):
    _, options = house
    keys = sms.MemoryKeys()
    keys.claim("k1")
    with pytest.raises(sms.SmsFailed) as failed:
        send(options, keys)
    assert failed.value.retry


def test_a_wrong_secret(house):
    fake, options = house
    with pytest.raises(sms.SmsFailed, match="secret is wrong") as failed:
        send({**options, "secret": "another"})
    assert not failed.value.retry
    with pytest.raises(sms.SmsFailed, match="access key is wrong"):
        send({**options, "access_key": "nobody"})
    assert fake.sent == []


def test_a_wrong_clock(house):
    fake, options = house
    with pytest.raises(sms.SmsFailed, match="clock") as failed:
        send(options, now=NOW - timedelta(minutes=16))
    assert not failed.value.retry
    assert fake.sent == []


BUSY = {
    "aliyun": (503, {"Code": "ServiceUnavailable"}),
    "tencent": (200, {"Response": {"Error": {"Code": "InternalError.Timeout"}}}),
}
FULL = {
    "aliyun": (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"}),
    "tencent": (200, {"Response": {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberOneHourLimit"}]}}),
}


def test_a_failure_gives_the_key_back(house):
    fake, options = house
    keys = sms.MemoryKeys()
    fake.answer = BUSY[options["backend"]]
    with pytest.raises(sms.SmsFailed) as failed:
        send(options, keys)
    assert failed.value.retry
    fake.answer = None
    assert send(options, keys).reference


def test_a_number_that_has_had_enough(house):
    fake, options = house
    fake.answer = FULL[options["backend"]]
    with pytest.raises(sms.SmsFailed, match="too many") as failed:
        send(options)
    assert not failed.value.retry
    assert failed.value.code


@pytest.mark.parametrize(("status", "retry"), [(502, True), (404, False)])
def test_an_answer_that_is_none(house, status, retry):
    fake, options = house
    fake.answer = (status, "<html>")
    with pytest.raises(sms.SmsFailed) as failed:
        send(options)
    assert failed.value.retry is retry


@pytest.mark.parametrize("body", [[], "null", '{"Response": 3}'])
def test_a_strange_answer(house, body):
    fake, options = house
    fake.answer = (200, body)
    with pytest.raises(sms.SmsFailed):
        send(options)


def test_a_gateway_that_is_too_slow(house):
    fake, options = house
    fake.delay = 0.6
    with pytest.raises(sms.SmsFailed, match="too long") as failed:
        send({**options, "timeout": 0.2})
    assert failed.value.retry


def test_a_gateway_that_is_not_there(house):
    _, options = house
    with pytest.raises(sms.SmsFailed, match="cannot be reached") as failed:
        send({**options, "base_url": "http://127.0.0.1:9"})
    assert failed.value.retry


def test_the_published_address_may_not_be_private(house):
    _, options = house
    with pytest.raises(sms.SmsFailed):
        gateway.post("http://127.0.0.1/", {}, b"", {})
    for name in ("access_key", "secret", "sign_name"):
        with pytest.raises(sms.SmsFailed, match=f"{name} is missing"):
            send({**options, name: ""})


def test_the_console_writes_to_the_outbox():
    written = []
    options = {"backend": "console", "templates": TEMPLATES}
    sms.send(
        PHONE, "sign_in", {"code": "123456", "minutes": 5}, key="k", now=NOW, options=options, keys=sms.MemoryKeys(),
        write=lambda **row: written.append(row),
    )  # fmt: skip
    assert written == [
        {"channel": "sms", "to": PHONE, "subject": "sign_in", "body": "Your code is 123456.", "html": "", "at": NOW}
    ]


def test_the_console_needs_no_template():
    written = []
    sms.send(
        PHONE, "other", {"code": 1}, key="k", now=NOW, options={}, keys=sms.MemoryKeys(),
        write=lambda **row: written.append(row["body"]),
    )  # fmt: skip
    assert written == ["code: 1"]


@pytest.mark.parametrize("phone", ["13800000000", "+0138", "+86 138", "+86138000000000000", "", "+８６13800000000"])
def test_a_number_needs_its_country(phone):
    with pytest.raises(sms.SmsFailed):
        sms.send(phone, "sign_in", {}, key="k", now=NOW, options={}, keys=sms.MemoryKeys(), write=dict)


def test_what_is_not_configured_is_said():
    with pytest.raises(sms.SmsFailed, match="no number"):
        sms.send(PHONE, "other", {}, key="k", now=NOW, options={"backend": "aliyun"}, keys=sms.MemoryKeys())
    with pytest.raises(sms.SmsFailed, match="needs minutes"):
        send({"backend": "aliyun", "templates": TEMPLATES}, code="1")
    with pytest.raises(sms.SmsFailed, match="no SMS sender"):
        send({"backend": "pigeon", "templates": TEMPLATES})


def test_whether_a_gateway_can_send_is_known_before_it_is_asked(house):
    _, options = house
    named = {"backend": options["backend"]}
    texts = {"sign_in": ("code", "minutes")}
    assert sms.why_silent(texts, options) == ""
    assert sms.why_silent(texts, {}) == "no gateway"
    assert sms.why_silent(texts, {"backend": "pigeon"}) == "unknown gateway “pigeon”, one of console, aliyun, tencent"
    needs = "access_key, secret, sign_name" + (", app_id" if options["backend"] == "tencent" else "")
    assert sms.why_silent(texts, named) == f"{options['backend']} lacks {needs}, templates.sign_in"
    told = sms.why_silent({"sign_in": ("code", "minutes"), "other": ()}, options)
    assert told == f"{options['backend']} lacks templates.other"
    asks = {**options, "templates": {"sign_in": {"id": "SMS_1", "params": ["code", "hours"]}, "other": {"params": []}}}
    assert sms.why_silent(texts, asks) == "templates.sign_in asks for hours; there is code, minutes"
    assert sms.why_silent({"other": ()}, asks) == f"{options['backend']} lacks templates.other"


def test_the_published_example_of_tencent():
    """The example in the documentation of signature v3."""
    at = datetime.fromtimestamp(1551113065, UTC)
    content = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    assert gateway.sha256(content) == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
    signed = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    account = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
    answer = tencent.authorization(content, signed, at, *account, "cvm")
    assert answer.endswith("Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168")
