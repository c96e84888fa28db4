"""Apache Kafka (KRaft, one node) as a native process on loopback: the broker's own jars, no container needed."""

import ctypes
import os
import shutil
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from kinora_testkit.network import NotReady, eventually, free_port, listens

JARS = Path(__file__).parents[4] / ".cache" / "kafka"
_POM = Path(__file__).with_name("kafka_pom.xml")
_JAVA = ("java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
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


def install(jars: Path = JARS) -> None:
    """Fetch the jars with Maven, unless they are there."""
    if not any(jars.glob("kafka_2*.jar")):
        subprocess.run(["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"], check=True)


class NativeKafka:
    """One broker with its data and log in `folder`; the port stays the same over restarts."""

    def __init__(self, folder: Path, *, jars: Path = JARS) -> None:
        self._folder, self._jars = folder, jars
        self._port, self._controller = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when the broker answers; raises NotReady after 60 s."""
        if not shutil.which("java") or not any(self._jars.glob("kafka_2*.jar")):
            raise NotReady("Kafka for tests needs Java and its jars: run `make setup-tests`")
        properties = self._folder / "server.properties"
        if not properties.exists():
            self._format(properties)
        with (self._folder / "kafka.log").open("ab") as log:
            command = self._command("kafka.Kafka", str(properties))
            self._process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_die_with_parent)  # noqa: PLW1509 - one system call
        eventually(self._answers, within=60, every=0.2, what="Kafka")

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing flushed beyond what was acknowledged."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.kill()
        self.start()

    def _format(self, properties: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        properties.write_text(_PROPERTIES.format(port=self._port, controller=self._controller, data=self._folder / "data"))
        cluster = "--cluster-id=" + urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")  # one word: an id may begin with "-"
        command = self._command("kafka.tools.StorageTool", "format", cluster, "-c", str(properties))
        subprocess.run(command, check=True, capture_output=True)

    def _command(self, *arguments: str) -> list[str]:
        return [*_JAVA, "-cp", f"{self._jars}/*", *arguments]

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise NotReady("Kafka ended on start:\n" + (self._folder / "kafka.log").read_text(errors="replace")[-2000:])
        return listens(self._port)  # it does so only once it serves


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: a killed test run leaves no broker behind


def docker_answers() -> bool:
    """Whether a Docker engine is there to run containers."""
    if not shutil.which("docker"):
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=5, check=False, env=dict(os.environ)).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    install()
