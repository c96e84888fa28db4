#!/bin/sh
# serve: one Kafka node (KRaft), its data in /data/kafka.
# KAFKA_ADVERTISED: host:port by which clients reach it (localhost:9092). KAFKA_HEAP: of Java (320m).
set -eu
config=${TMPDIR:-/tmp}/server.properties
cat >"$config" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093
advertised.listeners=PLAINTEXT://${KAFKA_ADVERTISED:-localhost:9092}
controller.listener.names=CONTROLLER
log.dirs=/data/kafka
auto.create.topics.enable=false
num.partitions=6
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
END
set -- -Xmx"${KAFKA_HEAP:-320m}" -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/*'
if [ ! -e /data/kafka/meta.properties ]; then
    id=$(head -c 16 /dev/urandom | base64 | tr +/ -_ | tr -d =)
    java "$@" kafka.tools.StorageTool format --cluster-id="$id" --config "$config"
fi
exec java "$@" kafka.Kafka "$config"
