#!/bin/sh
# serve: S3 over the folders of /data/objects, each a bucket; signatures of version 4.
# OBJECTS_ACCESS_KEY, OBJECTS_SECRET_KEY. OBJECTS_BUCKETS: made when missing (kinora). OBJECTS_HEAP: of Java (128m).
set -eu
: "${OBJECTS_ACCESS_KEY:?} ${OBJECTS_SECRET_KEY:?}"
for bucket in ${OBJECTS_BUCKETS:-kinora}; do mkdir -p "/data/objects/$bucket"; done
config=${TMPDIR:-/tmp}/s3proxy.conf
umask 077
cat >"$config" <<END
s3proxy.endpoint=http://0.0.0.0:9000
s3proxy.authorization=aws-v4
s3proxy.identity=$OBJECTS_ACCESS_KEY
s3proxy.credential=$OBJECTS_SECRET_KEY
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=/data/objects
END
exec java -Xmx"${OBJECTS_HEAP:-128m}" -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir="${TMPDIR:-/tmp}" \
    -Dlogback.configurationFile=/etc/objects/logback.xml -cp '/opt/objects/*' org.gaul.s3proxy.Main --properties "$config"
