"""No request of ours reaches a private address, whatever the address looks like."""

import gzip
import re
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest

from terrace.kernel import outbound
from terrace.kernel.outbound import Allow, OutboundFailed, OutboundRefused, OutboundTimeout, fetch
from terrace.kernel.tests import data

PUBLIC_IP = "93.184.216.34"


class Server:
    """A server on 127.0.0.1 that counts connections and says what it is told, at the pace it is told."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[str] = []
        self.parts: list[bytes] = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"]
        self.pause = 0.0
        self.wrap = lambda peer: peer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            peer = self.wrap(peer)
        except OSError:
            peer.close()
            return
        with peer:
            try:
                self.requests.append(self._whole(peer))
                for part in self.parts:
                    peer.sendall(part)
                    time.sleep(self.pause)
            except OSError:
                return

    @staticmethod
    def _whole(peer) -> str:
        """A request with its body, which may come after the head."""
        told = peer.recv(65_536)
        length = re.search(rb"content-length: (\d+)", told, re.I)
        while told and length and len(told.partition(b"\r\n\r\n")[2]) < int(length[1]):
            more = peer.recv(65_536)
            if not more:
                break
            told += more
        return told.decode("latin-1")

    def says(self, status: str, body: bytes = b"", *headers: str) -> None:
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
        self.parts = [head.encode() + b"\r\n\r\n" + body]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


class Net:
    """A resolver that answers from a list, and a connector that counts and leads every public address to one server."""

    def __init__(self, server: Server, *answers: list[str]) -> None:
        self.server, self.answers = server, list(answers) or [[PUBLIC_IP]]
        self.asked: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.dialled.append(address)
        return socket.create_connection(("127.0.0.1", self.server.port), timeout)

    def fetch(self, url: str, **options):
        return fetch(url, resolve=self.resolve, connect=self.connect, **options)


LOCAL = ["127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
         "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
         "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "[64:ff9b::7f00:1]",
         "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]"]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_no_spelling_of_this_machine_opens_a_socket(server, host):
    """With the real resolver and the real connector: the server here hears nothing."""
    with pytest.raises((OutboundRefused, OutboundFailed)):
        fetch(f"http://{host}:{server.port}/", allow=Allow(frozenset({server.port})), timeout=2)
    time.sleep(0.01)
    assert server.connections == 0


PRIVATE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "127.0.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "192.88.99.1", "168.63.129.16", "::1", "::", "::ffff:10.0.0.1", "fd00::1",
    "fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::",
    "2001:0:a00:1::", "2001:db8::1", "::10.0.0.1", "100::1", "3fff::1", "5f00::1", "::ffff:93.184.216.34",
    "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused(server, address):
    net = Net(server, [address])
    with pytest.raises(OutboundRefused):
        net.fetch("http://innocent.example/")
    net = Net(server, [PUBLIC_IP, address])
    with pytest.raises(OutboundRefused):
        net.fetch("http://innocent.example/")
    assert net.dialled == []


@pytest.mark.parametrize(
    "address", [PUBLIC_IP, "1.1.1.1", "223.5.5.5", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::"]
)
def test_public_addresses_are_public(address):
    assert outbound.is_public(address)


def test_the_name_is_asked_for_once_and_the_answer_is_kept(server):
    """DNS rebinding: the second answer, which would be private, is never asked for."""
    net = Net(server, [PUBLIC_IP], ["127.0.0.1"])
    answer = net.fetch("http://rebind.example/page")
    assert (answer.status, answer.body) == (200, b"ok")
    assert net.asked == ["rebind.example"]
    assert net.dialled == [(PUBLIC_IP, 80)]
    assert "host: rebind.example\r\n" in server.requests[0].lower()


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://[::1]/", "//10.0.0.1/", "http://0x7f.1/", "file:///etc/passwd", "gopher://x/",
     "http://name.example:6379/", "http://user@name.example/", "http://inside.example/"],
)  # fmt: skip
def test_a_redirect_inside_is_refused(server, location):
    server.says("302 Found", b"", f"Location: {location}")

    class Inside(Net):
        def resolve(self, host, port):
            self.asked.append(host)
            return {"outside.example": [PUBLIC_IP], "name.example": [PUBLIC_IP]}.get(host, ["10.0.0.1"])

    net = Inside(server)
    with pytest.raises(OutboundRefused):
        net.fetch("http://outside.example/")
    assert net.dialled == [(PUBLIC_IP, 80)]


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://example.com/", "ftp://example.com/", "http://example.com:22/",
     "http://example.com:6379/", "https://example.com:8443/", "http://user:pw@example.com/", "http://", "",
     "example.com", "http://exa mple.com/", "http://example.com/\r\nX: y",
     "http://example.com\\@127.0.0.1/", "javascript:alert(1)",
     "http://[::1", "http://example.com:99999/", "http:///x", "http://" + "a" * 3000],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(server, url):
    net = Net(server)
    with pytest.raises(OutboundRefused):
        net.fetch(url)
    assert net.asked == net.dialled == []


def test_every_case_of_the_attack_class_is_here():
    (row,) = [row for row in data.rows("attack_classes.jsonl") if row["key"] == "SSRF-LINK"]
    for case in (
        "127.0.0.1",
        "::ffff:10.0.0.1",
        "169.254.169.254",
        "decimal/octal/hex",
        "rebind",
        "redirect",
        "gopher",
    ):
        assert case in row["test"]


def test_redirects_are_followed_and_counted(server):
    server.says("301 Moved", b"", "Location: /again")
    net = Net(server)
    with pytest.raises(OutboundFailed, match="too many"):
        net.fetch("http://loop.example/", redirects=2)
    assert server.connections == 3


def test_credentials_stay_with_their_host(server):
    server.says("302 Found", b"", "Location: http://other.example/")
    net = Net(server)
    with pytest.raises(OutboundFailed):
        net.fetch("http://first.example/", redirects=1, headers={"Authorization": "Bearer x", "X-Kept": "y"})
    first, second = server.requests
    assert "authorization: bearer x" in first.lower()
    assert "authorization" not in second.lower()
    assert "x-kept: y" in second.lower()


def test_a_post_is_not_redirected(server):
    server.says("307 Temporary Redirect", b"", "Location: http://other.example/")
    net = Net(server)
    answer = net.fetch("http://first.example/hook", method="POST", content=b"{}")
    assert answer.status == 307
    assert server.connections == 1
    assert server.requests[0].startswith("POST /hook HTTP/1.1")
    assert server.requests[0].endswith("{}")


def test_size_is_bounded(server):
    server.says("200 OK", b"x" * 5000)
    net = Net(server)
    with pytest.raises(OutboundFailed, match="larger"):
        net.fetch("http://big.example/", max_bytes=4999)
    assert len(net.fetch("http://big.example/", max_bytes=5000).body) == 5000
    assert len(net.fetch("http://big.example/", max_bytes=100, truncate=True).body) == 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_size_is_that_of_the_decompressed_body(server, encoding):
    packed = gzip.compress(b"\0" * 50_000_000) if encoding == "gzip" else zlib.compress(b"\0" * 50_000_000)
    server.says("200 OK", packed, f"Content-Encoding: {encoding}")
    net = Net(server)
    tracemalloc.start()
    with pytest.raises(OutboundFailed, match="larger"):
        net.fetch("http://bomb.example/", max_bytes=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000, "the whole bomb was unpacked"
    small = gzip.compress(b"hello") if encoding == "gzip" else zlib.compress(b"hello")
    server.says("200 OK", small, f"Content-Encoding: {encoding}")
    assert net.fetch("http://small.example/").body == b"hello"


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_drip_ends_at_the_deadline(server, head):
    server.parts, server.pause = [head, *[b"a"] * 300], 0.1
    began = time.perf_counter()
    with pytest.raises(OutboundTimeout):
        Net(server).fetch("http://slow.example/", timeout=0.5)
    assert time.perf_counter() - began < 15, "every byte put the deadline off"


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
    ],
)
def test_a_broken_answer_is_a_sentence(server, raw):
    server.parts = [raw]
    with pytest.raises(OutboundFailed):
        Net(server).fetch("http://broken.example/", timeout=2)


def test_the_next_address_is_tried(server):
    class Half(Net):
        def connect(self, address, timeout):
            if address[0] == "1.1.1.1":
                self.dialled.append(address)
                raise ConnectionRefusedError
            return super().connect(address, timeout)

    net = Half(server, ["1.1.1.1", PUBLIC_IP])
    assert net.fetch("http://two.example/").body == b"ok"
    assert net.dialled == [("1.1.1.1", 80), (PUBLIC_IP, 80)]


def test_a_host_the_operator_set_may_be_private(server):
    trusted = {f"127.0.0.1:{server.port}"}
    assert fetch(f"http://127.0.0.1:{server.port}/", trusted_hosts=trusted).body == b"ok"
    assert server.connections == 1
    with pytest.raises(OutboundRefused):
        fetch(f"http://localhost:{server.port}/", trusted_hosts=trusted)
    server.says("302 Found", b"", "Location: http://127.0.0.1/")
    with pytest.raises(OutboundRefused):
        fetch(f"http://127.0.0.1:{server.port}/", trusted_hosts=trusted)
    assert server.connections == 2


def test_no_proxy_of_the_environment(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert Net(server).fetch("http://plain.example/").body == b"ok"


def test_head_has_no_body(server):
    server.parts = [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/html\r\n\r\n"]
    answer = Net(server).fetch("http://head.example/", method="HEAD")
    assert (answer.body, answer.headers["content-type"]) == (b"", "text/html")


def test_a_certificate_must_bear_the_name(server):
    """The name of the address is what TLS asks for, not the pinned number."""
    asked = []

    class Context:
        def set_alpn_protocols(self, names):
            pass

        def wrap_socket(self, sock, server_hostname):
            asked.append(server_hostname)
            raise ssl.SSLCertVerificationError("certificate is not valid for this name")

    with pytest.raises(OutboundFailed, match="did not prove"):
        Net(server).fetch("https://named.example/", tls=Context())
    assert asked == ["named.example"]


def certificate(folder, name):
    """A certificate for one name, its key beside it, made by whoever may."""
    x509 = pytest.importorskip("cryptography.x509", reason="cryptography makes the certificate of this test")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_with_a_real_certificate(server, tmp_path):
    path = certificate(tmp_path, "named.example")
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(path)
    server.wrap = lambda peer: theirs.wrap_socket(peer, server_side=True)
    ours = ssl.create_default_context(cafile=path)
    assert Net(server).fetch("https://named.example/", tls=ours).body == b"ok"
    with pytest.raises(OutboundFailed, match="did not prove"):
        Net(server).fetch("https://other.example/", tls=ours)
    with pytest.raises(OutboundFailed, match="did not prove"):
        Net(server).fetch("https://named.example/", tls=ssl.create_default_context())


def test_an_international_name(server):
    net = Net(server)
    net.fetch("http://例子.中国/路径?q=一")
    assert net.asked == ["xn--fsqu00a.xn--fiqs8s"]
    assert server.requests[0].startswith("GET /%E8%B7%AF%E5%BE%84?q=%E4%B8%80 HTTP/1.1")
