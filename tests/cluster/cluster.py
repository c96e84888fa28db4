"""A release of the chart in a cluster, spoken to by kubectl and helm as an operator would."""

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from kinora_testkit.network import eventually

from . import volumes

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/kinora"
HERE = Path(__file__).parent
RELEASE = "kin"


def run(*command: str, within: float = 120, **options: Any) -> str:
    """Its output; raises CalledProcessError, whose words are shown."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=within, check=False, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


@dataclass
class Cluster:
    """One namespace of the cluster that KUBECONFIG names. Images: $KINORA_IMAGES (registry/repository) and $KINORA_TAG."""

    namespace: str
    images: str = field(default_factory=lambda: os.environ.get("KINORA_IMAGES", "localhost/kinora"))
    tag: str = field(default_factory=lambda: os.environ.get("KINORA_TAG", "dev"))

    def kubectl(self, *words: str, within: float = 120, **options: Any) -> str:
        return run("kubectl", "-n", self.namespace, *words, within=within, **options)

    def get(self, *words: str) -> Any:
        return json.loads(self.kubectl("get", *words, "-o", "json"))

    def apply(self, *objects: dict[str, Any]) -> None:
        self.kubectl("apply", "-f", "-", input=yaml.safe_dump_all(objects))

    def helm(self, *words: str, within: float = 600) -> str:
        return run("helm", "-n", self.namespace, *words, within=within)

    def upgrade(self, *words: str, wait_s: int = 600) -> float:
        """Installs, or brings to the suite's values and `words`; seconds until all is ready."""
        registry, _, repository = self.images.rpartition("/")
        images = [f"global.image.registry={registry}", f"global.image.repository={repository}", f"global.image.tag={self.tag}"]
        sets = [word for image in images for word in ("--set-string", image)]
        if not self.makes_volumes():
            sets += [
                word for name in ("postgres", "kafka", "objects") for word in ("--set-string", f"global.{name}.bundled.storage.className=-")
            ]
        started = time.monotonic()
        values = ("-f", str(HERE / "values.yaml"))
        words = (*values, *sets, *words, "--wait", "--timeout", f"{wait_s}s")
        # Helm's patience is for each step: the hooks, the pods, and with --atomic the way back.
        self.helm("upgrade", "--install", RELEASE, str(CHART), *words, within=3 * wait_s + 60)
        return time.monotonic() - started

    def makes_volumes(self) -> bool:
        """Whether the cluster has a default StorageClass."""
        return any("is-default-class" in str(found["metadata"].get("annotations")) for found in self.get("storageclass")["items"])

    def pods(self) -> list[Any]:
        """Of the release's services, pools and servers: those that run, or mean to."""
        found = self.get("pods", "-l", f"app.kubernetes.io/instance={RELEASE}")["items"]
        found = [pod for pod in found if pod["metadata"]["ownerReferences"][0]["kind"] in {"ReplicaSet", "StatefulSet"}]
        found = [pod for pod in found if pod["status"]["phase"] not in {"Succeeded", "Failed"}]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def ready(self) -> bool:
        conditions = [condition for pod in self.pods() for condition in pod["status"].get("conditions", [])]
        return all(condition["status"] == "True" for condition in conditions if condition["type"] == "Ready")

    def sql(self, statement: str) -> list[list[str]]:
        """Rows, by the bundled Postgres' own psql."""
        command = ["exec", f"{RELEASE}-postgres-0", "--", "sh", "-c", f'psql -At -F "|" "$URL" -c "{statement}"']
        url = 'URL="postgresql://$POSTGRES_USER:$POSTGRES_PASSWORD@127.0.0.1:5432/$POSTGRES_DB"; '
        command[-1] = url + command[-1]
        return [line.split("|") for line in self.kubectl(*command).splitlines()]

    def start(self, name: str, *words: str, script: str = "client.py") -> "Client":
        """A Job that runs one of our scripts in the cluster."""
        client = Client(self, f"client-{name}-{int(time.time())}")
        self.apply(_job(client.job, f"{self.images}/tools:{self.tag}", ["python", f"/client/{script}", *words]))
        return client

    def ask(self, cronjob: str) -> str:
        """Runs one of the release's CronJobs now, as an operator does; what it said."""
        client = Client(self, f"{cronjob}-{int(time.time())}")
        self.kubectl("create", "job", client.job, f"--from=cronjob/{RELEASE}-{cronjob}")
        eventually(client.over, within=300, every=1, what=client.job)
        assert client.succeeded(), client.log()
        return client.log()

    def fresh_volumes(self) -> None:
        """Empty ones in the place of those that were lost, where volumes are made by hand."""
        if not self.makes_volumes():
            volumes.make(self, volumes.SERVERS)


@dataclass
class Client:
    cluster: Cluster
    job: str

    def log(self) -> str:
        if not (self.over() or self._state().get("ready")):
            return ""
        return self.cluster.kubectl("logs", f"job/{self.job}", "--tail=-1")

    def saw(self, within: float = 1800) -> Any:
        """What it says at its end."""
        eventually(self.over, within=within, every=2, what=f"the end of {self.job}")
        log = self.log()
        assert self.succeeded(), log[-3000:]
        return json.loads(log.strip().splitlines()[-1])

    def succeeded(self) -> bool:
        return bool(self._state().get("succeeded"))

    def over(self) -> bool:
        return self.succeeded() or bool(self._state().get("failed"))

    def _state(self) -> Any:
        return self.cluster.get("job", self.job)["status"]


def _job(name: str, image: str, command: Sequence[str]) -> dict[str, Any]:
    key = {"secretKeyRef": {"name": f"{RELEASE}-keys", "key": "first-operator-key"}}
    env = [
        {"name": "OPENAI_BASE_URL", "value": f"http://{RELEASE}-gateway:8000/v1"},
        {"name": "OPENAI_API_KEY", "valueFrom": key},
        {"name": "PYTHONUNBUFFERED", "value": "1"},
    ]
    container = {
        "name": "client",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "env": env,
        "volumeMounts": [{"name": "client", "mountPath": "/client"}],
    }
    pod = {
        "restartPolicy": "Never",
        "containers": [container],
        "volumes": [{"name": "client", "configMap": {"name": "client"}}],
        "automountServiceAccountToken": False,
    }
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"backoffLimit": 0, "template": {"spec": pod}}}
