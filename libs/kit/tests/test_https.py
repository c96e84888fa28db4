"""An app over TLS: its certificate and whose clients it takes may change while it runs."""

import ssl

import httpx
import pytest
from cryptography import x509
from kinora_cli.keys import issuing
from kinora_cli.state import free_port
from kinora_kit import runner, tls
from kinora_kit.service import Service
from kinora_kit.settings import KitSettings
from kinora_testkit.services import serving


def write(folder, issued):
    folder.mkdir(exist_ok=True)
    for name, text in issued.items():
        (folder / name).write_text(text)
    return folder


async def who_are_you(scope, receive, send):
    assert scope["type"] == "http"
    shown = scope["state"]["client_certificate"]
    name = x509.load_der_x509_certificate(shown).subject.rfc4514_string() if shown else "nobody"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": name.encode()})


@pytest.fixture
def ours():
    return issuing.authority("ours")


@pytest.fixture
def theirs():
    return issuing.authority("theirs")


@pytest.fixture
def roots():
    return [""]


@pytest.fixture
async def url(postgres_url, tmp_path, ours, roots, monkeypatch):
    monkeypatch.setattr(tls, "_LOOK_EVERY_S", 0)
    kit = KitSettings(tls_dir=write(tmp_path / "server", issuing.certificate(ours, ["localhost"])))
    service, port = Service("demo", app=who_are_you, https=lambda: roots[0]), free_port()
    where = {"grpc_listen": "127.0.0.1:0", "http_listen": f"127.0.0.1:{port}", "kit": kit}
    async with (
        serving(lambda _: Service("other"), database_url=postgres_url) as served,
        runner.running([service], served.adapters, **where),
    ):
        yield f"https://localhost:{port}"


@pytest.fixture
def asks(url, tmp_path):
    """Asks as somebody with `shown`, taking the word of `root` for who answers."""

    async def ask(root, shown=None, at=url):
        trust = ssl.create_default_context(cadata=root["tls.crt"])
        if shown:
            folder = write(tmp_path / "client", shown)
            trust.load_cert_chain(folder / "tls.crt", folder / "tls.key")
        async with httpx.AsyncClient(verify=trust) as client:
            return (await client.get(at)).text

    return ask


async def test_a_client_without_a_certificate_is_nobody(asks, ours):
    assert await asks(ours) == "nobody"


async def test_a_client_is_who_its_certificate_says(asks, ours, theirs, roots):
    roots[0] = theirs["tls.crt"]
    assert await asks(ours, issuing.certificate(theirs, ["front-proxy"])) == "CN=front-proxy"


async def test_a_certificate_of_another_authority_is_not_let_in(asks, ours, theirs, roots):
    roots[0] = theirs["tls.crt"]
    for stranger in (ours, issuing.authority("stranger")):
        with pytest.raises(httpx.TransportError):
            await asks(ours, issuing.certificate(stranger, ["front-proxy"]))


async def test_what_was_believed_once_is_believed_no_more(asks, ours, theirs, roots):
    roots[0] = theirs["tls.crt"]
    shown = issuing.certificate(theirs, ["front-proxy"])
    await asks(ours, shown)
    roots[0] = issuing.authority("another")["tls.crt"]
    with pytest.raises(httpx.TransportError):
        await asks(ours, shown)


async def test_a_renewed_certificate_is_shown_at_once_also_to_who_tells_no_name(asks, ours, tmp_path, url):
    await asks(ours)
    another = issuing.authority("another")
    write(tmp_path / "server", issuing.certificate(another, ["localhost", "127.0.0.1"]))
    assert await asks(another) == "nobody"
    with pytest.raises(httpx.ConnectError, match=r"IP address mismatch|not valid for"):  # trusted, but the address is no name
        await asks(another, at=url.replace("localhost", "127.0.0.1"))
