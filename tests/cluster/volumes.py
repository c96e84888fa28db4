"""Volumes for a cluster that makes none by itself: folders of its one node, handed to the uid of our images."""

from kinora_testkit.network import eventually

SERVERS = ("postgres", "kafka", "objects")
OWNER = 10001


def claim_backups(cluster):
    """Where the backups lie: a claim of the suite's own."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}
    spec |= {} if cluster.makes_volumes() else {"storageClassName": ""}
    cluster.apply({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "backups"}, "spec": spec})


def make(cluster, names):
    """Empty ones."""
    remove(cluster, names)
    _hand_over(cluster, names)
    cluster.apply(*[_volume(cluster, name) for name in names])


def remove(cluster, names):
    found = [f"pv/{cluster.namespace}-{name}" for name in names]
    cluster.kubectl("delete", *found, "--ignore-not-found", "--wait")


def _root(cluster):
    return f"/var/tmp/{cluster.namespace}"  # noqa: S108 - of the node


def _hand_over(cluster, names):
    script = f"cd /host; for f in {' '.join(names)}; do rm -rf $f; mkdir $f; chown {OWNER} $f; done"
    container = {
        "name": "folders",
        "image": f"{cluster.images}/postgres:{cluster.tag}",
        "imagePullPolicy": "IfNotPresent",
        "command": ["sh", "-c", script],
        "securityContext": {"runAsUser": 0, "runAsNonRoot": False},
        "volumeMounts": [{"name": "host", "mountPath": "/host"}],
    }
    host = {"name": "host", "hostPath": {"path": _root(cluster), "type": "DirectoryOrCreate"}}
    pod = {"restartPolicy": "Never", "containers": [container], "volumes": [host]}
    cluster.kubectl("delete", "pod", "folders", "--ignore-not-found", "--wait")
    cluster.apply({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "folders"}, "spec": pod})
    eventually(lambda: cluster.get("pod", "folders")["status"]["phase"] == "Succeeded", within=60, what="folders on the node")
    cluster.kubectl("delete", "pod", "folders", "--wait")


def _volume(cluster, name):
    claim = "backups" if name == "backups" else f"data-kin-{name}-0"
    spec = {
        "capacity": {"storage": "50Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "",
        "claimRef": {"namespace": cluster.namespace, "name": claim},
        "hostPath": {"path": f"{_root(cluster)}/{name}", "type": "Directory"},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"{cluster.namespace}-{name}"}, "spec": spec}
