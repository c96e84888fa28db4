"""A wrong value is refused before anything is installed, by a message that names it."""

import pytest

from .conftest import Refused, pods


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("gatway.replicas=3", "additional properties 'gatway' not allowed"),
        ("global.postgres.bundeled.enabled=false", "at '/global/postgres': additional properties 'bundeled' not allowed"),
        ("gateway.replica=3", "additional properties 'replica' not allowed"),
        ("identity.settings.smtp_hots=mail", "at '/settings': additional properties 'smtp_hots' not allowed"),
        ("identity.settings.smtp_port=70000", "at '/settings/smtp_port': maximum"),
        ("identity.settings.smtp_password=x", "additional properties 'smtp_password' not allowed"),
        ("pools.world.drain=3", "at '/pools/world': additional properties 'drain' not allowed"),
        ("pools.Big.instances=1", "'Big' does not match pattern"),
        ("global.tls.issuer=vault", "value must be one of 'keys', 'cert-manager'"),
        ("global.publicUrl=kinora.example", "at '/global/publicUrl'"),
        ("likeness.image.digest=latest", "at '/image/digest'"),
        ("monitoring.podMonitor.enable=true", "additional properties 'enable' not allowed"),
    ],
)
def test_a_wrong_value_is_named(render, wrong, told):
    with pytest.raises(Refused) as refused:
        render("", wrong)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("wanting", "told"),
    [
        (("global.postgres.bundled.enabled=false",), "global.postgres.external.secret: name the Secret"),
        (("global.kafka.bundled.enabled=false",), "global.kafka.external.bootstrap: name the brokers"),
        (("global.kafka.bundled.enabled=false", "global.kafka.external.bootstrap=k:9092"), "global.kafka.external.userSecret"),
        (("httpRoute.enabled=true",), "httpRoute.parentRefs: name the Gateway"),
        (("pools.world.scaling.mode=keda", "global.tls.enabled=false"), "set global.tls.enabled"),
        (("pools.world.scaling.mode=hpa", "pools.world.scaling.min=9"), "min 9 is more than max 4"),
    ],
)
def test_what_is_missing_is_named(render, wanting, told):
    with pytest.raises(Refused) as refused:
        render("", *wanting)
    assert told in str(refused.value)


def test_a_setting_of_a_service_reaches_it_and_its_workers_as_it_was_written(render):
    environments = {
        owner: {entry["name"]: entry.get("value") for entry in pod["spec"]["containers"][0]["env"]}
        for owner, pod in pods(render("", "generation.settings.director_timeout_s=90", "gateway.settings.max_body_bytes=52428800"))
    }
    assert environments["Deployment/kinora-generation"]["GENERATION_DIRECTOR_TIMEOUT_S"] == "90"
    assert environments["Deployment/kinora-pool-world"]["GENERATION_DIRECTOR_TIMEOUT_S"] == "90"
    assert environments["Deployment/kinora-gateway"]["GATEWAY_MAX_BODY_BYTES"] == "52428800"
