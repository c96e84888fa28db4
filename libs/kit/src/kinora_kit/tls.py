"""Mutual TLS by three files that may change under a running process: `tls.crt`, `tls.key` and `ca.crt`, as cert-manager names them."""

import time
from dataclasses import dataclass
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kinora_kit import log, metrics

_LOOK_EVERY_S = 1.0
_log = log.get("kinora.tls")


class CertificatesInvalid(Exception):
    """The files cannot be used; the message tells the operator why."""


@dataclass(frozen=True)
class Files:
    """PEM texts: the chain, its key, and the roots that peers must come from."""

    chain: bytes
    key: bytes
    roots: bytes


class Certificates:
    """Of the files in `folder`. A change that cannot be used is logged, and what was read before stays in use.

    Raises CertificatesInvalid when there is nothing to begin with.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._looked, self._stamp = folder, time.monotonic(), _stamp(folder)
        self._files = _read(folder)

    @property
    def files(self) -> Files:
        """The newest; the folder is looked at once a second at most."""
        if time.monotonic() - self._looked > _LOOK_EVERY_S:
            self._looked = time.monotonic()
            self._look()
        return self._files

    def server(self) -> grpc.ServerCredentials:
        """Asks clients for a certificate of the same roots; every new connection gets the newest files."""
        return grpc.dynamic_ssl_server_credentials(self._server_files(), self._server_files, require_client_authentication=True)

    def client(self) -> grpc.ChannelCredentials:
        """With the files of this moment."""
        files = self.files
        return grpc.ssl_channel_credentials(files.roots, files.key, files.chain)

    def _look(self) -> None:
        try:
            stamp = _stamp(self._folder)
            if stamp == self._stamp:
                return
            self._files, self._stamp = _read(self._folder), stamp
            _log.info("tls.renewed", folder=str(self._folder))
        except CertificatesInvalid as error:
            _log.error("tls.not_renewed", reason=str(error))

    def _server_files(self) -> grpc.ServerCertificateConfiguration:
        files = self.files
        return grpc.ssl_server_certificate_configuration([(files.key, files.chain)], files.roots)


def _stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """Differs when one of the files was written or replaced, also by the link that a kubelet turns."""
    try:
        found = [(folder / name).stat() for name in ("tls.crt", "tls.key", "ca.crt")]
    except OSError as error:
        raise CertificatesInvalid(f"{folder} must hold tls.crt, tls.key and ca.crt: {error}") from error
    return tuple((file.st_mtime_ns, file.st_ino) for file in found)


def _read(folder: Path) -> Files:
    chain, key, roots = ((folder / name).read_bytes() for name in ("tls.crt", "tls.key", "ca.crt"))
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        x509.load_pem_x509_certificates(roots)
        _check_key(leaf, key)
    except ValueError as error:
        raise CertificatesInvalid(f"{folder}: {error}") from error
    metrics.CERTIFICATE_EXPIRY.set(leaf.not_valid_after_utc.timestamp())
    return Files(chain, key, roots)


def _check_key(leaf: x509.Certificate, key: bytes) -> None:
    """Raises ValueError. Files that are written one by one do not fit for a moment."""
    if load_pem_private_key(key, password=None).public_key() != leaf.public_key():
        raise ValueError("tls.key is not the key of tls.crt")
