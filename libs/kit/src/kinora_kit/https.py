"""HTTP over TLS, for an app that the cluster's own servers call without an Ingress before it. Clients may show a certificate."""

import ssl
from collections.abc import Callable
from tempfile import NamedTemporaryFile
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from kinora_kit.tls import Certificates, Files


class Protocol(H11Protocol):
    """Hands the app the certificate that a client showed: `request.state.client_certificate`, DER and verified, or None."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        shown = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        self.app_state = {**self.app_state, "client_certificate": shown}


class Listening:
    """TLS with `certificates`. Who shows a certificate that does not come from `roots()` (PEM; empty: none do) is not let in."""

    def __init__(self, certificates: Certificates, roots: Callable[[], str]) -> None:
        self._certificates, self._roots = certificates, roots
        self._made: tuple[Files, str, ssl.SSLContext] | None = None

    def context(self) -> ssl.SSLContext:
        """A listener's, whose every new connection gets the newest files and roots."""
        first = _context(self._certificates.files, self._roots())
        first.sni_callback = self._renew
        return first

    def _renew(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """Called as a connection begins, also where it tells no name."""
        connection.context = self._newest()

    def _newest(self) -> ssl.SSLContext:
        files, roots = self._certificates.files, self._roots()
        if self._made is None or self._made[0] is not files or self._made[1] != roots:
            self._made = files, roots, _context(files, roots)
        return self._made[2]


def _context(files: Files, roots: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.verify_mode = ssl.CERT_OPTIONAL
    if roots:
        made.load_verify_locations(cadata=roots)
    with NamedTemporaryFile(suffix=".pem") as both:  # ssl reads a chain from files alone
        both.write(files.chain + b"\n" + files.key)
        both.flush()
        made.load_cert_chain(both.name)
    return made
