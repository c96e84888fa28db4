"""Pools of GPU engines: where weights come from, whose terms are accepted, what the engine and generation are told."""

import json
from pathlib import Path

import pytest
from kinora_diffusion.settings import Settings

from .conftest import Refused, containers, named, of_kind

CLAIM = ("pools.ltx.family=ltx2", "pools.ltx.licence.accepted=ltx-2-community", "pools.ltx.weights.claim=weights")
BUCKET = (*CLAIM[:2], "pools.ltx.weights.url=s3://models/ltx2")


def pod_of(manifests, pool):
    return named(manifests, "Deployment", f"kinora-pool-{pool}")["spec"]["template"]["spec"]


def container(pod, name):
    return next(each for each in containers({"spec": pod}) if each["name"] == name)


def environment(container):
    return {entry["name"]: entry.get("value") for entry in container["env"]}


def volume(pod, name="weights"):
    return next(each for each in pod["volumes"] if each["name"] == name)


def engines(manifests, deployment="generation"):
    (told,) = (e for e in named(manifests, "Deployment", f"kinora-{deployment}")["spec"]["template"]["spec"]["containers"])
    return json.loads(environment(told)["GENERATION_ENGINES"])


def refusal(render, *sets):
    with pytest.raises(Refused) as refused:
        render("", *sets)
    return str(refused.value)


def test_a_licence_that_is_not_accepted_is_refused_with_its_terms(render):
    told = refusal(render, *CLAIM[::2])
    assert 'pools.ltx.licence.accepted is ""' in told
    assert "Clause A-20 bars direct competitors of Lightricks" in told
    assert "10 million US dollars" in told
    assert "sets pools.ltx.licence.accepted to ltx-2-community" in told


def test_another_licence_is_not_the_one_that_is_asked_for(render):
    assert 'accepted is "openmdw-1.1": weights of ltx2 come under "ltx-2-community"' in refusal(
        render, *CLAIM[::2], "pools.ltx.licence.accepted=openmdw-1.1"
    )


def test_random_weights_are_under_no_terms(render):
    assert environment(container(pod_of(render("", *CLAIM, "pools.ltx.licence.accepted=none"), "ltx"), "engine"))[
        "KINORA_LICENCE_ACCEPTED"
    ] == ("none")


def test_the_engine_reads_its_weights_from_a_claim_that_it_cannot_change(render):
    pod = pod_of(render("", *CLAIM, "pools.ltx.weights.path=distilled"), "ltx")
    assert volume(pod)["persistentVolumeClaim"] == {"claimName": "weights", "readOnly": True}
    assert {"name": "weights", "mountPath": "/weights", "readOnly": True, "subPath": "distilled"} in container(pod, "engine")[
        "volumeMounts"
    ]
    assert [each["name"] for each in pod["initContainers"]] == ["engine"]


def test_weights_may_come_as_an_image_and_never_from_the_nodes_disk(render):
    pod = pod_of(render("", *CLAIM[:2], "pools.ltx.weights.volume.image.reference=registry.example/ltx2:1"), "ltx")
    assert volume(pod)["image"] == {"reference": "registry.example/ltx2:1"}
    assert "'csi', 'ephemeral', 'image', 'nfs'" in refusal(render, *CLAIM[:2], "pools.ltx.weights.volume.hostPath.path=/weights")


def test_from_a_bucket_they_are_copied_before_the_engine_starts(render):
    pod = pod_of(render("", *BUCKET, "pools.ltx.weights.size=90Gi"), "ltx")
    assert [each["name"] for each in pod["initContainers"]] == ["weights", "engine"]
    assert container(pod, "weights")["args"] == ["weights", "fetch", "s3://models/ltx2", "/weights"]
    assert "restartPolicy" not in container(pod, "weights")
    assert volume(pod)["emptyDir"] == {"sizeLimit": "90Gi"}


def test_pods_of_a_pool_may_share_one_copy(render):
    pod = pod_of(render("", *BUCKET, "pools.ltx.weights.copyClaim=shared"), "ltx")
    assert volume(pod)["persistentVolumeClaim"] == {"claimName": "shared"}


def test_the_copy_has_the_keys_of_its_own_bucket_and_the_engine_those_of_the_media(render):
    own = ("pools.ltx.weights.store.endpoint=https://store.example", "pools.ltx.weights.store.secret=models")
    pod = pod_of(render("", *BUCKET, *own), "ltx")
    keys = {
        name: next(e["valueFrom"]["secretKeyRef"]["name"] for e in container(pod, name)["env"] if e["name"] == "AWS_ACCESS_KEY_ID")
        for name in ("weights", "engine")
    }
    assert keys == {"weights": "models", "engine": "kinora-objects"}
    assert "AWS_ALLOW_HTTP" not in environment(container(pod, "weights"))


def test_a_way_to_the_weights_bucket_is_open_only_where_there_is_one(render):
    def ways(manifests):
        return {port["port"] for rule in named(manifests, "NetworkPolicy", "kinora-pool")["spec"]["egress"] for port in rule["ports"]}

    outside = "global.network.egress.weights.ports={4443}"
    assert (4443 in ways(render("", *BUCKET, outside)), 4443 in ways(render("", *CLAIM, outside))) == (True, False)


def test_settings_reach_the_engine_as_its_code_reads_them(render, monkeypatch):
    sets = ("diffusion.fp8=true", "diffusion.attention=flash", "diffusion.taylorseer_interval=4", "diffusion.sizes={768x512,1280x720}")
    told = environment(container(pod_of(render("", *CLAIM, *(f"pools.ltx.{one}" for one in sets)), "ltx"), "engine"))
    for name, value in told.items():
        monkeypatch.setenv(name, value or "")
    read = Settings()
    assert (read.weights, read.licence_accepted) == (Path("/weights"), {"ltx-2-community"})
    assert (read.fp8, read.attention, read.taylorseer_interval, read.sizes) == (True, "flash", 4, ("768x512", "1280x720"))


def test_a_digest_of_the_cpu_engines_image_is_not_taken_for_that_of_the_gpus(render):
    manifests = render("", *CLAIM, f"poolDefaults.image.digest=sha256:{'0' * 64}")
    assert container(pod_of(manifests, "ltx"), "engine")["image"] == "kinora/triton:0.1.0"
    assert container(pod_of(manifests, "world"), "engine")["image"].endswith("0" * 64)


def test_an_engine_on_each_gpu_makes_a_clip_at_once(render):
    pod = pod_of(render("", *CLAIM, "pools.ltx.gpus=4"), "ltx")
    assert container(pod, "engine")["resources"]["limits"]["nvidia.com/gpu"] == 4
    assert environment(container(pod, "worker"))["GENERATION_WORKERS"] == "4"


def test_a_clip_in_hand_outlasts_neither_the_engine_nor_the_pod(render):
    pod = pod_of(render("", *CLAIM, "pools.ltx.drainSeconds=2400"), "ltx")
    assert environment(container(pod, "worker"))["GENERATION_DRAIN_S"] == "2400"
    assert 2400 <= int(environment(container(pod, "engine"))["TRITON_EXIT_TIMEOUT_S"]) < pod["terminationGracePeriodSeconds"]


def test_an_engine_of_many_gigabytes_has_minutes_to_load_and_does_not_take_all_cores(render):
    engine = container(pod_of(render("", *CLAIM), "ltx"), "engine")
    assert engine["startupProbe"]["failureThreshold"] * engine["startupProbe"]["periodSeconds"] >= 1200
    assert environment(engine)["OMP_NUM_THREADS"] == "4"
    assert environment(engine)["TRITON_MODELS"] == "ltx2"


def test_generation_and_its_workers_are_told_the_same_engines_the_default_first(render):
    manifests = render("single-gpu")
    assert engines(manifests) == engines(manifests, "pool-ltx") == engines(manifests, "pool-world")
    assert [(each["id"], each["family"], each["triton_model"]) for each in engines(manifests)] == [
        ("ltx-2", "ltx2", "ltx2"),
        ("world-1", "world", "world"),
    ]


def test_drafts_that_would_wait_go_to_the_engine_that_the_pool_names(render):
    (ltx, world) = engines(render("single-gpu"))
    assert ltx["draft_overflow"] == {"engine": "world-1", "after_s": 30}
    assert "draft_overflow" not in world


def test_pools_of_one_engine_are_one_engine(render):
    assert [each["id"] for each in engines(render("production"))] == ["ltx-2", "cosmos-3", "world-1"]


def test_pools_of_gpus_scale_like_others(render):
    scaled = {m["metadata"]["name"]: m["spec"] for m in of_kind(render("production"), "ScaledObject")}
    assert scaled["kinora-pool-cosmos"]["minReplicaCount"] == 0
    assert "engines/cosmos-3" in json.dumps(scaled["kinora-pool-cosmos"]["triggers"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("pools.ltx.weights.url=s3://models/ltx2", "name one of claim, volume and url"),
        ("pools.ltx.weights.claim=", "it names 0"),
        ("pools.world.diffusion.fp8=true", "pools.world: weights, licence and diffusion are for the families ltx2 and cosmos3"),
        ("pools.ltx.diffusion.fp9=true", "additional properties 'fp9' not allowed"),
        ("pools.ltx.diffusion.dtype=int4", "value must be one of 'bfloat16', 'float16', 'float32'"),
        ("pools.ltx.diffusion.taylorseer_interval=1", "minimum: got 1, want 2"),
        ("defaultEngine=ltx-9", "defaultEngine: no pool renders ltx-9; pools render ltx-2, world-1"),
        ("pools.ltx.draftOverflow.engine=cosmos-3", "draftOverflow of ltx-2 names cosmos-3, which no other pool renders"),
        ("pools.ltx.draftOverflow.engine=ltx-2", "draftOverflow of ltx-2 names ltx-2, which no other pool renders"),
        ("pools.ltx.aliases={sora-2}", "sora-2 names two engines"),
        ("pools.ltx.engine=world-1", "another pool of world-1 says otherwise"),
        ("pools.ltx.family=sora", "value must be one of 'world', 'ltx2', 'cosmos3'"),
    ],
)
def test_what_does_not_go_together_is_named(render, wrong, told):
    assert told in refusal(render, *CLAIM, wrong)
