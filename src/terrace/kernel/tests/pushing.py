"""A push service that really checks and decrypts what it is handed, and a browser that takes messages there."""

import base64
import json
import secrets
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from werkzeug import Request, Response

from terrace.kernel import outbound
from terrace.kernel.push import Browser

NAME = "push.example"
PUBLIC_IP = "93.184.216.34"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return the 65 bytes of a public key."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return the bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def decrypt(sealed: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Return what was hidden, written from the text of RFC 8291, 3.4 and RFC 8188, 2."""
    salt, size, length = sealed[:16], int.from_bytes(sealed[16:20]), sealed[20]
    theirs, record = sealed[21 : 21 + length], sealed[21 + length :]
    assert len(record) <= size and len(sealed) <= 4096
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    info = b"WebPush: info\x00" + point(private.public_key()) + theirs
    ikm = HKDF(hashes.SHA256(), 32, auth, info).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(ikm)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(ikm)
    plain = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\x00")
    assert plain[-1:] == b"\x02"
    return plain[:-1]


class PushService:
    """One subscription at a push service with TLS of its own. `said` holds what the browser read, `answer` what comes next."""

    def __init__(self, server, folder, application_key: str, now: datetime) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = secrets.token_bytes(16)
        self.browser = Browser(
            f"https://{NAME}/send/{secrets.token_hex(8)}", b64(point(self.private.public_key())), b64(self.auth)
        )
        self.application_key, self.now = application_key, now
        self.answer = Response(status=201)
        self.heads: list[dict[str, str]] = []
        self.said: list[dict] = []
        server.expect_request(
            self.browser.endpoint.removeprefix(f"https://{NAME}"), method="POST"
        ).respond_with_handler(self._take)
        resolve: Callable[..., list[str]] = lambda _host, _port: [PUBLIC_IP]  # noqa: E731
        connect = lambda _address, timeout: socket.create_connection(("127.0.0.1", server.port), timeout)  # noqa: E731
        trust = ssl.create_default_context(cafile=folder / "push.pem")
        self.fetch = partial(outbound.fetch, resolve=resolve, connect=connect, tls=trust)

    def _take(self, request: Request) -> Response:
        if self.answer.status_code >= 300:
            return self.answer
        refusal = self._refusal(request)
        if refusal:
            return Response(refusal, status=403)
        head = {name.lower(): value for name, value in request.headers.items()}
        if head["content-encoding"] != "aes128gcm" or not head["ttl"].isdigit():
            return Response("headers", status=400)
        self.heads.append(head)
        self.said.append(json.loads(decrypt(request.get_data(), self.private, self.auth)))
        return self.answer

    def _refusal(self, request: Request) -> str:
        """Check the signature as RFC 8292 asks: ES256, our origin, not expired, at most a day, a contact, the right key."""
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = given["t"].split(".")
        if scheme != "vapid" or json.loads(unb64(head)) != {"typ": "JWT", "alg": "ES256"}:
            return "scheme"
        if given["k"] != self.application_key:
            return "another key than the browser subscribed with"
        raw = unb64(signature)
        signed = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(given["k"]))
        key.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        told = json.loads(unb64(claims))
        if told["aud"] != f"https://{NAME}":
            return "audience"
        if not 0 < told["exp"] - self.now.timestamp() <= 86_400:
            return "expired"
        return "" if told["sub"].startswith(("mailto:", "https:")) else "contact"


def certificate(folder) -> ssl.SSLContext:
    """Return the context of a server called NAME; its certificate is `push.pem` in `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "push.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
