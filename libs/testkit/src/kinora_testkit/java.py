"""Java servers as native processes on loopback: their makers' jars, no container needed."""

import shutil
import signal
import subprocess
from pathlib import Path

from kinora_testkit.network import NotReady, eventually, listens

CACHE = Path(__file__).parents[4] / ".cache"
# A killed test run leaves no server behind. Not by `preexec_fn`: that forks, and gRPC's threads do not always survive it in the child.
_DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")
_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def install(name: str) -> None:
    """Fetch the jars that `<name>_pom.xml` names with Maven, unless they are there."""
    jars, pom = CACHE / name, Path(__file__).with_name(f"{name}_pom.xml")
    if not any(jars.glob("*.jar")):
        subprocess.run(["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={jars}"], check=True)


class JavaServer:
    """One server, its log in `folder`/`name`.log. `options` are Java's own."""

    def __init__(self, name: str, folder: Path, *options: str) -> None:
        self.name, self._folder, self._jars = name, folder, CACHE / name
        self._options = (*_OPTIONS, *options)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        """Raises NotReady where Java or the jars are missing."""
        if not shutil.which("java") or not any(self._jars.glob("*.jar")):
            raise NotReady(f"{self.name} for tests needs Java and its jars: run `make setup-tests`")
        return ["java", *self._options, "-cp", f"{self._jars}/*", *arguments]

    def start(self, *arguments: str, port: int) -> None:
        """Returns when it listens, which it must do only once it serves; raises NotReady after 60 s."""
        command = self.command(*arguments)
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([*_DIE_WITH_PARENT, *command], stdout=log, stderr=log)
        eventually(lambda: self._answers(port), within=60, every=0.2, what=self.name)

    def end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    @property
    def _log(self) -> Path:
        return self._folder / f"{self.name}.log"

    def _answers(self, port: int) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise NotReady(f"{self.name} ended on start:\n" + self._log.read_text(errors="replace")[-2000:])
        return listens(port)


if __name__ == "__main__":
    for server in ("kafka", "objects"):
        install(server)
