"""Tencent Cloud: SendSms of sms 2021-01-11, signed with TC3-HMAC-SHA256.

Source: cloud.tencent.com/document/product/382/55981 and /382/52072. The timestamp may be 5 minutes off.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from terrace.kernel.sms import gateway
from terrace.kernel.sms.shapes import Message, Options, SmsFailed

ALGORITHM = "TC3-HMAC-SHA256"
NEEDS = ("access_key", "secret", "sign_name", "app_id")
_ADDRESS = "https://sms.tencentcloudapi.com"
_LATER = ("InternalError", "RequestLimitExceeded")
_SENTENCES = {
    "LimitExceeded": "This number has been sent too many messages; it can get more later.",
    "InvalidParameterValue.IncorrectPhoneNumber": "This phone number does not exist.",
    "FailedOperation.PhoneNumberInBlacklist": "This number does not want messages.",
    "FailedOperation.InsufficientBalanceInSmsPackage": "The SMS account has run out of money.",
    "FailedOperation.TemplateIncorrectOrUnapproved": "The gateway does not know this SMS template.",
    "FailedOperation.SignatureIncorrectOrUnapproved": "The gateway does not know this SMS signature.",
    "AuthFailure.SignatureExpire": "The clock of this server is wrong, so the SMS gateway refused the request.",
    "AuthFailure.SecretIdNotFound": "The SMS access key is wrong.",
    "AuthFailure": "The SMS secret is wrong.",
}


def deliver(message: Message, options: Options) -> str:
    """Send one message; returns the gateway's SerialNo. Raises `SmsFailed`."""
    gateway.need(options, *NEEDS)
    base = gateway.base_url(options, _ADDRESS)
    content = json.dumps(_request(message, options), ensure_ascii=False).encode()
    signed = {
        "content-type": "application/json; charset=utf-8",
        "host": urlsplit(base).netloc,
        "x-tc-action": "sendsms",
    }
    headers = {
        **signed,
        "x-tc-action": "SendSms",
        "x-tc-version": "2021-01-11",
        "x-tc-region": str(options.get("region") or "ap-guangzhou"),
        "x-tc-timestamp": str(int(message.at.timestamp())),
        "authorization": authorization(
            content, signed, message.at, str(options["access_key"]), str(options["secret"]), "sms"
        ),
    }
    return _reference(gateway.post(f"{base}/", headers, content, options))


def _request(message: Message, options: Options) -> dict[str, object]:
    return {
        "PhoneNumberSet": [message.phone],
        "SmsSdkAppId": str(options["app_id"]),
        "SignName": str(options["sign_name"]),
        "TemplateId": message.template_id,
        "TemplateParamSet": message.values,
        "SessionContext": message.key[:512],
    }


def _reference(answer: Mapping[str, object]) -> str:
    """An error stands for the whole request, or beside the number."""
    response = answer.get("Response")
    response = response if isinstance(response, dict) else {}
    if response.get("Error"):
        raise _failure(str(response["Error"].get("Code", "")))
    statuses = response.get("SendStatusSet") or [{}]
    if statuses[0].get("Code") != "Ok":
        raise _failure(str(statuses[0].get("Code", "")))
    return str(statuses[0].get("SerialNo", ""))


def authorization(
    content: bytes, signed: Mapping[str, str], at: datetime, access_key: str, secret: str, service: str
) -> str:
    """The Authorization header of a POST to `/` over the `signed` headers (lower-case names and values)."""
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{gateway.sha256(content)}"
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = f"{ALGORITHM}\n{int(at.timestamp())}\n{scope}\n{gateway.sha256(canonical.encode())}"
    key = gateway.hmac256(gateway.hmac256(gateway.hmac256(f"TC3{secret}".encode(), day), service), "tc3_request")
    signature = gateway.hmac256(key, text).hex()
    return f"{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"


def _failure(code: str) -> SmsFailed:
    sentence = _SENTENCES.get(code) or _SENTENCES.get(code.split(".")[0], "The SMS gateway refused the message.")
    return SmsFailed(sentence, retry=code.startswith(_LATER), code=code)
