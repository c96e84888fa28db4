"""S3Proxy, a folder served as S3, as a native process on loopback."""

import secrets
import signal
from dataclasses import dataclass, field
from pathlib import Path

from kinora_cli.state import free_port

from kinora_testkit.java import JavaServer

BUCKET = "films"
_LOGGING = Path(__file__).with_name("objects_logback.xml")
_PROPERTIES = """
s3proxy.endpoint=http://127.0.0.1:{port}
s3proxy.authorization=aws-v4
s3proxy.identity={access_key}
s3proxy.credential={secret_key}
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir={data}
"""


@dataclass
class NativeObjects:
    """One server with one bucket, its data and log in `folder`; the port stays the same over restarts."""

    folder: Path
    port: int = field(default_factory=free_port)
    access_key: str = "kinora"
    secret_key: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        self._server = JavaServer("objects", self.folder, "-Xmx96m", f"-Dlogback.configurationFile={_LOGGING}")

    @property
    def environment(self) -> dict[str, str]:
        """By which MediaStore finds it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }

    def start(self) -> None:
        """Returns when it answers; raises NotReady after 60 s."""
        data, properties = self.folder / "data", self.folder / "s3proxy.conf"
        (data / BUCKET).mkdir(parents=True, exist_ok=True)
        properties.write_text(_PROPERTIES.format(port=self.port, access_key=self.access_key, secret_key=self.secret_key, data=data))
        self._server.start("org.gaul.s3proxy.Main", "--properties", str(properties), port=self.port)

    def kill(self) -> None:
        self._server.end(signal.SIGKILL)
