"""Aliyun: SendSms of Dysmsapi 2017-05-25, signed by method V3 (ACS3-HMAC-SHA256).

Source: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature. The date may be 15 minutes off, and
a nonce is good once.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from terrace.kernel.sms import gateway
from terrace.kernel.sms.shapes import Message, Options, SmsFailed

ALGORITHM = "ACS3-HMAC-SHA256"
NEEDS = ("access_key", "secret", "sign_name")
_ADDRESS = "https://dysmsapi.aliyuncs.com"
_LATER = ("Throttling", "ServiceUnavailable", "InternalError", "SignatureNonceUsed", "isp.SYSTEM_ERROR")
_SENTENCES = {
    "isv.BUSINESS_LIMIT_CONTROL": "This number has been sent too many messages; it can get more later.",
    "isv.DAY_LIMIT_CONTROL": "The daily number of messages is used up.",
    "isv.MOBILE_NUMBER_ILLEGAL": "This phone number does not exist.",
    "isv.AMOUNT_NOT_ENOUGH": "The SMS account has run out of money.",
    "isv.OUT_OF_SERVICE": "The SMS account is suspended.",
    "isv.SMS_TEMPLATE_ILLEGAL": "The gateway does not know this SMS template.",
    "isv.SMS_SIGNATURE_ILLEGAL": "The gateway does not know this SMS signature.",
    "SignatureDoesNotMatch": "The SMS secret is wrong.",
    "InvalidAccessKeyId.NotFound": "The SMS access key is wrong.",
    "InvalidTimeStamp.Expired": "The clock of this server is wrong, so the SMS gateway refused the request.",
}


def deliver(message: Message, options: Options) -> str:
    """Send one message; returns the gateway's BizId. Raises `SmsFailed`."""
    gateway.need(options, *NEEDS)
    query = {
        "PhoneNumbers": message.phone.removeprefix("+"),
        "SignName": str(options["sign_name"]),
        "TemplateCode": message.template_id,
        # The gateway takes strings only as values.
        "TemplateParam": json.dumps(dict(message.params), ensure_ascii=False, separators=(",", ":")),
        "OutId": message.key[:255],
    }
    base = gateway.base_url(options, _ADDRESS)
    headers = {
        "host": urlsplit(base).netloc,
        "x-acs-action": "SendSms",
        "x-acs-version": "2017-05-25",
        "x-acs-date": stamp(message.at),
        "x-acs-signature-nonce": secrets.token_hex(16),
        "x-acs-content-sha256": gateway.sha256(b""),
    }
    headers["authorization"] = authorization(
        "POST", "/", query, headers, str(options["access_key"]), str(options["secret"])
    )
    answer = gateway.post(f"{base}/?{canonical_query(query)}", headers, b"", options)
    if answer.get("Code") == "OK":
        return str(answer.get("BizId", ""))
    raise _failure(str(answer.get("Code", "")))


def stamp(at: datetime) -> str:
    """The moment as the gateway writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted, percent-encoded as RFC 3986 has it."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in sorted(query.items()))


def authorization(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], access_key: str, secret: str
) -> str:
    """The Authorization header over all `headers` (lower-case names), among them the hash of the body."""
    names = sorted(headers)
    canonical = "\n".join(
        [
            method,
            path,
            canonical_query(query),
            "".join(f"{name}:{headers[name].strip()}\n" for name in names),
            ";".join(names),
            headers["x-acs-content-sha256"],
        ]
    )
    signature = gateway.hmac256(secret.encode(), f"{ALGORITHM}\n{gateway.sha256(canonical.encode())}").hex()
    return f"{ALGORITHM} Credential={access_key},SignedHeaders={';'.join(names)},Signature={signature}"


def _failure(code: str) -> SmsFailed:
    return SmsFailed(
        _SENTENCES.get(code, "The SMS gateway refused the message."), retry=code.startswith(_LATER), code=code
    )
