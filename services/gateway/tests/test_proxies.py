"""Who a request is from, when proxies stand before the gateway."""

import httpx
import pytest
from kinora_gateway.settings import Settings
from pydantic import ValidationError

PROXIES = "127.0.0.1, 10.1.0.0/16, fd00:1::/32"


@pytest.fixture
def behind_proxies(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_TRUSTED_PROXIES", PROXIES)
    monkeypatch.setenv("GATEWAY_ENTRIES_PER_MINUTE", "1")
    return start()


async def sign_in(url, *forwarded, **headers):
    """Dan's sign-in, as his proxy hands it on: each of `forwarded` is a header line of its own."""
    lines = [("x-forwarded-for", line) for line in forwarded] + [(name.replace("_", "-"), value) for name, value in headers.items()]
    async with httpx.AsyncClient() as client:
        return await client.post(f"{url}/api/sessions", json={"email": "dan@example.org", "password": "right"}, headers=lines)


@pytest.mark.parametrize(
    ("forwarded", "network"),
    [
        (["198.51.100.7"], "198.51.100.0/24"),
        (["198.51.100.7, 10.1.2.3"], "198.51.100.0/24"),
        (["198.51.100.7", "10.1.2.3"], "198.51.100.0/24"),
        (["2001:db8:1:2::3, fd00:1::9"], "2001:db8:1::/56"),
        (["[2001:db8:1:2::3]:4711"], "2001:db8:1::/56"),
        (["198.51.100.7:4711"], "198.51.100.0/24"),
        (["::ffff:198.51.100.7, ::ffff:10.1.2.3"], "198.51.100.0/24"),
    ],
    ids=["one proxy", "two", "two that add a line each", "IPv6", "IPv6 with a port", "IPv4 with a port", "IPv4 written as IPv6"],
)
async def test_a_session_is_noted_under_the_network_that_the_first_proxy_saw(behind_proxies, forwarded, network):
    context, _, identity, _ = behind_proxies
    async with context as served:
        assert (await sign_in(served.url, *forwarded)).status_code == 200
    assert identity.origins[-1].network == network


@pytest.mark.parametrize("invented", ["203.0.113.1", "10.1.0.1", "127.0.0.1", "::1", "unknown", "' or 1=1", "9" * 5000])
async def test_what_a_client_writes_itself_changes_nothing(behind_proxies, invented):
    context, _, identity, _ = behind_proxies
    async with context as served:
        await sign_in(served.url, f"{invented}, 198.51.100.7, 10.1.2.3")
    assert identity.origins[-1].network == "198.51.100.0/24"


async def test_two_clients_behind_one_proxy_have_a_limit_each(behind_proxies):
    context, *_ = behind_proxies
    async with context as served:
        statuses = [(await sign_in(served.url, of)).status_code for of in ("198.51.100.7", "198.51.100.8", "198.51.100.7")]
    assert statuses == [200, 200, 429]


async def test_whoever_comes_without_an_address_shares_one_limit(behind_proxies):
    context, *_ = behind_proxies
    async with context as served:
        assert [(await sign_in(served.url, of)).status_code for of in ("unknown", "_hidden", "12345")] == [200, 429, 429]


async def test_nobody_is_believed_unless_named(start, monkeypatch):
    monkeypatch.setenv("GATEWAY_TRUSTED_PROXIES", "10.1.0.0/16")  # the test's own client, on loopback, is none of them
    context, _, identity, _ = start()
    async with context as served:
        await sign_in(served.url, "198.51.100.7")
    assert identity.origins[-1].network == "127.0.0.0/24"


async def test_pages_count_as_our_own_by_the_scheme_that_the_proxy_took_them_by(behind_proxies):
    context, *_ = behind_proxies
    async with context as served:
        page = {"host": "kinora.example", "origin": "https://kinora.example"}
        assert (await sign_in(served.url, "198.51.100.7", x_forwarded_proto="https", **page)).status_code == 200
        assert (await sign_in(served.url, "198.51.100.8", x_forwarded_proto="http", **page)).json()["error"]["code"] == "foreign_origin"
        elsewhere = {"x_forwarded_host": "evil.example", "origin": "https://evil.example", "host": "kinora.example"}
        assert (await sign_in(served.url, "198.51.100.9", x_forwarded_proto="https", **elsewhere)).status_code == 403


@pytest.mark.parametrize("written", ["10.0.0.0/8,fd00::/8", " ,10.0.0.0/8 , fd00::/8", '["10.0.0.0/8","fd00::/8"]'])
def test_proxies_are_named_apart_by_commas_or_as_the_chart_does_in_json(monkeypatch, written):
    monkeypatch.setenv("GATEWAY_TRUSTED_PROXIES", written)
    assert [str(network) for network in Settings().trusted_proxies] == ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize("written", ["10.1.2.3/16", "proxy.example", "*", "10.0.0.0/8;10.1.0.0/16", '["10.0.0.0/8"'])
def test_a_proxy_that_is_no_address_is_refused_at_the_start(monkeypatch, written):
    monkeypatch.setenv("GATEWAY_TRUSTED_PROXIES", written)
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings()
