"""What comes first on install and on upgrade, what ends how, and what is left."""

import json

import pytest

from .conftest import containers, named, of_kind, pods

_HOOK = "helm.sh/hook"
_WITH_DATABASE = ["cameo", "generation", "identity", "provenance"]


def migrations(manifests):
    return {
        pod["spec"]["containers"][0]["args"][1]: owner
        for owner, pod in pods(manifests)
        if pod["spec"]["containers"][0].get("args", [""])[0] == "migrate"
    }


def test_schemas_are_made_by_plain_jobs_on_install_beside_the_database(render):
    manifests = render()
    jobs = migrations(manifests)
    assert sorted(jobs) == _WITH_DATABASE
    assert not [
        job for job in of_kind(manifests, "Job") if f"Job/{job['metadata']['name']}" in jobs.values() and "annotations" in job["metadata"]
    ]


def test_schemas_are_changed_before_new_pods_on_upgrade(render):
    manifests = render("", upgrade=True)
    jobs = migrations(manifests)
    hooks = {named(manifests, "Job", owner.removeprefix("Job/"))["metadata"]["annotations"][_HOOK] for owner in jobs.values()}
    assert (sorted(jobs), hooks) == (_WITH_DATABASE, {"pre-upgrade"})


def test_a_new_version_is_a_new_job_for_tools_that_only_apply(render):
    before, after = migrations(render()), migrations(render("", "global.image.tag=0.2.0"))
    assert not set(before.values()) & set(after.values())
    assert migrations(render()) == before


def test_keys_are_made_before_anything_that_needs_them(render):
    hooks = [m for m in render() if _HOOK in m["metadata"].get("annotations", {})]
    order = sorted(hooks, key=lambda m: int(m["metadata"]["annotations"]["helm.sh/hook-weight"]))
    assert [m["kind"] for m in order] == ["ServiceAccount", "Role", "RoleBinding", "Job"]
    assert {m["metadata"]["annotations"][_HOOK] for m in hooks} == {"pre-install,pre-upgrade"}


@pytest.mark.parametrize("example", ["laptop", "cpu", "single-gpu"])
def test_every_secret_that_a_pod_wants_is_one_that_the_job_makes_or_the_operator_names(render, example):
    manifests = render(example)
    made = {name for role in of_kind(manifests, "Role") for rule in role["rules"] for name in rule.get("resourceNames", [])}
    assert secrets_wanted(manifests) - made <= {"mail"}


def test_who_brings_all_keys_and_servers_needs_no_job(render):
    manifests = render("production")
    assert not [owner for owner, _ in pods(manifests) if "keys" in owner]
    assert "kinora-keys" not in secrets_wanted(manifests)


def secrets_wanted(manifests):
    wanted = set()
    for _, pod in pods(manifests):
        wanted |= {volume["secret"]["secretName"] for volume in pod["spec"].get("volumes", []) if "secret" in volume}
        for container in containers(pod):
            wanted |= {entry["valueFrom"]["secretKeyRef"]["name"] for entry in container.get("env", []) if "valueFrom" in entry}
    return wanted


def test_a_pool_is_an_engine_beside_the_worker_that_feeds_it_as_many_jobs_as_it_has_instances(render):
    pod = named(render("", "pools.world.instances=3"), "Deployment", "kinora-pool-world")["spec"]["template"]["spec"]
    engine, worker = pod["initContainers"][0], pod["containers"][0]
    environment = {entry["name"]: entry.get("value") for entry in worker["env"]}
    assert engine["restartPolicy"] == "Always"
    assert (environment["GENERATION_WORKERS"], environment["GENERATION_ONLY_WORKERS"]) == ("3", "true")
    assert environment["KINORA_TRITON_URL"] == "127.0.0.1:8001"
    assert [port["name"] for port in engine["ports"]] == ["engine"]


def test_a_pool_that_must_go_has_time_to_finish_its_film_and_the_service_keeps_none(render):
    manifests = render("", "pools.world.drainSeconds=1200")
    pod = named(manifests, "Deployment", "kinora-pool-world")["spec"]["template"]["spec"]
    environment = {entry["name"]: entry.get("value") for entry in pod["containers"][0]["env"]}
    assert environment["GENERATION_DRAIN_S"] == "1200" < str(pod["terminationGracePeriodSeconds"])
    api = named(manifests, "Deployment", "kinora-generation")["spec"]["template"]["spec"]["containers"][0]
    assert {"name": "GENERATION_WORKERS", "value": "0"} in api["env"]


def test_an_engine_on_a_gpu_asks_for_it_and_is_given_time_to_load(render):
    pod = named(render("single-gpu"), "Deployment", "kinora-pool-ltx")["spec"]["template"]["spec"]
    engine, probe = pod["initContainers"][0], pod["initContainers"][0]["startupProbe"]
    assert engine["resources"]["limits"]["nvidia.com/gpu"] == 1
    assert probe["periodSeconds"] * probe["failureThreshold"] >= 600
    assert (pod["nodeSelector"], pod["tolerations"][0]["key"]) == ({"nvidia.com/gpu.present": "true"}, "nvidia.com/gpu")


def test_services_are_probed_by_grpc_and_give_way_one_by_one(render, example):
    for deployment in of_kind(render(example), "Deployment"):
        name, spec = deployment["metadata"]["name"], deployment["spec"]
        serving = spec["template"]["spec"]["containers"][0]
        assert serving["readinessProbe"]["grpc"] == {"port": 9001}, name
        assert serving["livenessProbe"]["grpc"] == serving["startupProbe"]["grpc"] == {"port": 9001, "service": "live"}, name
        if "pool" not in name:
            assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, name
            assert serving["lifecycle"]["preStop"]["sleep"]["seconds"] + 20 < spec["template"]["spec"]["terminationGracePeriodSeconds"]


def test_what_has_more_than_one_pod_keeps_them_apart_and_loses_one_at_a_time(render):
    manifests = render("production")
    for service in ("cameo", "gateway", "generation", "identity", "likeness", "provenance"):
        budget = named(manifests, "PodDisruptionBudget", f"kinora-{service}")["spec"]
        spread = named(manifests, "Deployment", f"kinora-{service}")["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert budget["maxUnavailable"] == 1
        assert [rule["topologyKey"] for rule in spread] == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]


def test_what_is_scaled_is_not_told_how_many_it_is(render):
    manifests = render("production")
    scaled = {m["spec"]["scaleTargetRef"]["name"] for m in of_kind(manifests, "HorizontalPodAutoscaler", "ScaledObject")}
    assert {d["metadata"]["name"] for d in of_kind(manifests, "Deployment") if "replicas" not in d["spec"]} == scaled


def test_a_pool_that_sleeps_is_woken_by_the_scaler_or_by_keda_and_not_by_both(render):
    pool = ("pools.world.scaling.min=0", "pools.world.scaling.calmSeconds=60")
    told = {mode: environment_of(render("", *pool, f"pools.world.scaling.mode={mode}"), "kinora-scaler") for mode in ("hpa", "keda")}
    assert json.loads(told["hpa"]["SCALER_POOLS"]) == {"kinora-pool-world": {"engine": "world-1", "min": 0, "idle_s": 60}}
    assert (told["keda"]["SCALER_POOLS"], told["keda"]["SCALER_EXTERNAL_METRICS"]) == ("{}", "false")
    autoscaler = named(render("", *pool, "pools.world.scaling.mode=hpa"), "HorizontalPodAutoscaler", "kinora-pool-world")
    assert autoscaler["spec"]["minReplicas"] == 1


def environment_of(manifests, deployment):
    containers = named(manifests, "Deployment", deployment)["spec"]["template"]["spec"]["containers"]
    return {entry["name"]: entry.get("value") for entry in containers[0]["env"]}


def test_paused_nothing_touches_the_database_and_servers_for_trials_run(render):
    manifests = render("cpu", "global.paused=true", "backup.url=s3://backups")
    assert {d["spec"]["replicas"] for d in of_kind(manifests, "Deployment")} == {0}
    assert not migrations(manifests)
    assert not migrations(render("cpu", "global.paused=true", upgrade=True))
    assert not of_kind(manifests, "HorizontalPodAutoscaler", "ScaledObject")
    assert {s["spec"]["replicas"] for s in of_kind(manifests, "StatefulSet")} == {1}
    assert {c["metadata"]["name"] for c in of_kind(manifests, "CronJob") if not c["spec"].get("suspend")} == {"kinora-keys"}


def test_backups_have_the_keys_by_which_a_restore_knows_that_they_fit(render):
    jobs = {c["metadata"]["name"]: c["spec"] for c in of_kind(render("", "backup.url=file:///backups", "backup.claim=nas"), "CronJob")}
    pod = jobs["kinora-backup"]["jobTemplate"]["spec"]["template"]["spec"]
    kept = {
        entry["name"]
        for entry in pod["containers"][0]["env"]
        if entry.get("valueFrom", {}).get("secretKeyRef", {}).get("name") == "kinora-keys"
    }
    assert kept == {"KINORA_INTERNAL_SECRET", "CAMEO_MASTER_KEYS", "PROVENANCE_MARK_KEYS"}
    assert {"name": "backups", "mountPath": "/backups"} in pod["containers"][0]["volumeMounts"]
    assert {name: spec["suspend"] for name, spec in jobs.items() if name != "kinora-keys"} == {
        "kinora-backup": False,
        "kinora-backup-facts": False,
        "kinora-restore": True,
    }
