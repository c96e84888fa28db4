"""Apache Kafka (KRaft, one node) as a native process on loopback."""

import os
import shutil
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from kinora_cli.state import free_port

from kinora_testkit.java import JavaServer

_PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
num.partitions=6
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
controller.quorum.election.timeout.ms=300
controller.quorum.fetch.timeout.ms=600
"""


class NativeKafka:
    """One broker with its data and log in `folder`; the port stays the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port, self._controller = free_port(), free_port()
        self._server = JavaServer("kafka", folder, "-Xmx384m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when the broker answers; raises NotReady after 60 s."""
        properties = self._folder / "server.properties"
        if not properties.exists():
            self._format(properties)
        self._server.start("kafka.Kafka", str(properties), port=self._port)

    def stop(self) -> None:
        self._server.end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing flushed beyond what was acknowledged."""
        self._server.end(signal.SIGKILL)

    def restart(self) -> None:
        self.kill()
        self.start()

    def _format(self, properties: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        properties.write_text(_PROPERTIES.format(port=self._port, controller=self._controller, data=self._folder / "data"))
        cluster = "--cluster-id=" + urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")  # one word: an id may begin with "-"
        command = self._server.command("kafka.tools.StorageTool", "format", cluster, "-c", str(properties))
        subprocess.run(command, check=True, capture_output=True)


def docker_answers() -> bool:
    """Whether a Docker engine is there to run containers."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=5, check=False, env=dict(os.environ)).returncode == 0
    except subprocess.TimeoutExpired:
        return False
