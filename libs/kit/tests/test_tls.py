"""Mutual TLS between services, whose certificates change while they run."""

import asyncio

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest
from grpc_health.v1.health_pb2_grpc import HealthStub
from kinora_cli.keys import issuing
from kinora_kit import server, tls
from kinora_kit.client import channel
from kinora_kit.settings import KitSettings
from kinora_kit.tls import Certificates, CertificatesInvalid

SECRET = b"x" * 32


def write(folder, issued):
    folder.mkdir(exist_ok=True)
    for name, text in issued.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def authority():
    return issuing.authority("demo")


@pytest.fixture
def folder(tmp_path, authority):
    return write(tmp_path / "tls", issuing.certificate(authority, ["localhost"]))


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch):
    monkeypatch.setattr(tls, "_LOOK_EVERY_S", 0)


async def answers(port, certificates):
    async with channel(f"localhost:{port}", certificates) as to:
        return (await HealthStub(to).Check(HealthCheckRequest(), timeout=1)).status


async def test_a_peer_with_a_certificate_of_the_same_authority_is_let_in(folder):
    async with server.serving("127.0.0.1:0", [], [], SECRET, Certificates(folder)) as port:
        assert await answers(port, Certificates(folder)) == 1


async def test_nobody_else_is(folder, tmp_path):
    stranger = write(tmp_path / "other", issuing.certificate(issuing.authority("stranger"), ["localhost"]))
    async with server.serving("127.0.0.1:0", [], [], SECRET, Certificates(folder)) as port:
        for certificates in (Certificates(stranger), None):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await answers(port, certificates)
            assert refused.value.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


async def test_a_server_is_who_it_is_called(tmp_path, authority, folder):
    other = write(tmp_path / "other", issuing.certificate(authority, ["somebody.else"]))
    async with server.serving("127.0.0.1:0", [], [], SECRET, Certificates(other)) as port:
        with pytest.raises(grpc.aio.AioRpcError):
            await answers(port, Certificates(folder))


async def test_renewed_files_are_taken_up_by_both_sides_without_a_restart(folder):
    async with server.serving("127.0.0.1:0", [], [], SECRET, Certificates(folder)) as port:
        async with channel(f"localhost:{port}", Certificates(folder)) as to:
            health = HealthStub(to)
            await health.Check(HealthCheckRequest(), timeout=5)
            write(folder, issuing.certificate(issuing.authority("the next"), ["localhost"]))
            await health.Check(HealthCheckRequest(), timeout=5)
        assert await answers(port, Certificates(folder)) == 1


async def test_a_call_in_progress_outlives_the_change(folder):
    served = server.serving("127.0.0.1:0", [], [], SECRET, Certificates(folder))
    async with served as port, channel(f"localhost:{port}", Certificates(folder)) as to:
        watch = HealthStub(to).Watch(HealthCheckRequest())
        assert (await watch.read()).status == 1
        write(folder, issuing.certificate(issuing.authority("the next"), ["localhost"]))
        await HealthStub(to).Check(HealthCheckRequest(), timeout=5)
        await asyncio.sleep(0.1)
        assert not watch.done()


def test_files_that_do_not_fit_are_refused_at_the_start_and_ignored_later(folder, authority):
    certificates = Certificates(folder)
    before = certificates.files
    (folder / "tls.key").write_text(issuing.certificate(authority, ["localhost"])["tls.key"])
    assert certificates.files == before
    with pytest.raises(CertificatesInvalid, match=r"tls\.key is not the key of tls\.crt"):
        Certificates(folder)


def test_a_folder_without_them_is_refused(tmp_path):
    with pytest.raises(CertificatesInvalid, match=r"must hold tls\.crt, tls\.key and ca\.crt"):
        Certificates(tmp_path)


def test_an_empty_variable_means_in_the_clear(monkeypatch):
    monkeypatch.setenv("KINORA_TLS_DIR", "")
    assert KitSettings().tls_dir is None
