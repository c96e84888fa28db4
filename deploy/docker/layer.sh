#!/bin/sh
# layer: what was added to /opt/kinora since the last call, and its bytecode, as links in /layer.
# An image that copies one such layer after the other shares the early ones with its siblings.
set -eu
cd /opt/kinora
touch /before.txt
find . ! -type d ! -path '*/__pycache__/*' | sort >/after.txt
rm -rf /layer && mkdir /layer
comm -13 /before.txt /after.txt | tr '\n' '\0' | xargs -0 -r cp --archive --link --parents --target-directory=/layer
mv /after.txt /before.txt
# Some packages carry files for other Pythons; they stay uncompiled.
bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash -s /layer -p /opt/kinora /layer/lib >/dev/null || true
