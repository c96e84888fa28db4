{{/* What a process is told. */}}

{{- define "workload.secretEnv" -}}
- name: {{ .env }}
  valueFrom: {secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}}
{{- end }}

{{- define "workload.keysSecret" -}}
{{ .Values.global.keys.existingSecret | default (printf "%s-keys" .Release.Name) }}
{{- end }}

{{/* Every process of the platform, engines included. */}}
{{- define "workload.env.system" -}}
- {name: HOME, value: /state}
- {name: TMPDIR, value: /tmp}
- {name: KINORA_LOG_LEVEL, value: {{ .Values.global.logLevel }}}
{{- with .Values.global.otlpEndpoint }}
- {name: KINORA_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- end }}

{{/* Every `kinora` command. */}}
{{- define "workload.env.process" -}}
{{ include "workload.env.system" . }}
- {name: KINORA_STATE_DIR, value: /state}
{{- end }}

{{- define "workload.env.postgres" -}}
{{- $postgres := .Values.global.postgres -}}
{{- $secret := ternary (printf "%s-postgres" .Release.Name) $postgres.external.secret $postgres.bundled.enabled -}}
{{- $key := ternary "url" $postgres.external.key $postgres.bundled.enabled -}}
{{ include "workload.secretEnv" (dict "env" "KINORA_DATABASE_URL" "secret" (required "global.postgres.external.secret: name the Secret with the database's address, or set global.postgres.bundled.enabled" $secret) "key" $key) }}
{{- if and (not $postgres.bundled.enabled) $postgres.external.caSecret }}
- {name: PGSSLMODE, value: verify-full}
- {name: PGSSLROOTCERT, value: /etc/kinora/postgres/ca.crt}
{{- end }}
{{- end }}

{{- define "workload.env.kafka" -}}
{{- $kafka := .Values.global.kafka -}}
{{- if $kafka.bundled.enabled -}}
- {name: KINORA_KAFKA_BOOTSTRAP, value: "{{ .Release.Name }}-kafka:9092"}
- {name: KINORA_KAFKA_REPLICATION, value: "1"}
{{- else -}}
{{- with $kafka.external -}}
- {name: KINORA_KAFKA_BOOTSTRAP, value: {{ required "global.kafka.external.bootstrap: name the brokers, or set global.kafka.bundled.enabled" .bootstrap | quote }}}
- {name: KINORA_KAFKA_REPLICATION, value: {{ .replication | quote }}}
- {name: KINORA_KAFKA_PROTOCOL, value: {{ .protocol }}}
{{- if .caSecret }}
- {name: KINORA_KAFKA_CA, value: /etc/kinora/kafka-ca/ca.crt}
{{- end }}
{{- if .certificateSecret }}
- {name: KINORA_KAFKA_CERTIFICATE, value: /etc/kinora/kafka-certificate/tls.crt}
- {name: KINORA_KAFKA_KEY, value: /etc/kinora/kafka-certificate/tls.key}
{{- end }}
{{- if hasPrefix "SASL" .protocol }}
- {name: KINORA_KAFKA_SASL_MECHANISM, value: {{ .mechanism }}}
{{- $secret := required "global.kafka.external.userSecret: SASL wants a Secret with username and password" .userSecret }}
{{ include "workload.secretEnv" (dict "env" "KINORA_KAFKA_USERNAME" "secret" $secret "key" "username") }}
{{ include "workload.secretEnv" (dict "env" "KINORA_KAFKA_PASSWORD" "secret" $secret "key" "password") }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "workload.env.objects" -}}
{{- $objects := .Values.global.objects -}}
{{- $bundled := $objects.bundled.enabled -}}
{{- $secret := ternary (printf "%s-objects" .Release.Name) $objects.external.secret $bundled -}}
- {name: KINORA_MEDIA_URL, value: {{ trimSuffix "/" (printf "s3://%s/%s" $objects.bucket $objects.prefix) | quote }}}
- {name: AWS_REGION, value: {{ $objects.external.region | quote }}}
{{- if $bundled }}
- {name: AWS_ENDPOINT_URL, value: "http://{{ .Release.Name }}-objects:9000"}
- {name: AWS_ALLOW_HTTP, value: "true"}
{{- else if $objects.external.endpoint }}
- {name: AWS_ENDPOINT_URL, value: {{ $objects.external.endpoint | quote }}}
{{- if hasPrefix "http://" $objects.external.endpoint }}
- {name: AWS_ALLOW_HTTP, value: "true"}
{{- end }}
{{- end }}
{{- if $secret }}
{{ include "workload.secretEnv" (dict "env" "AWS_ACCESS_KEY_ID" "secret" $secret "key" "access-key") }}
{{ include "workload.secretEnv" (dict "env" "AWS_SECRET_ACCESS_KEY" "secret" $secret "key" "secret-key") }}
{{- end }}
{{- end }}

{{/* root and needs: the addresses of the servers among them. */}}
{{- define "workload.env.needs" -}}
{{- range list "postgres" "kafka" "objects" }}
{{- if has . $.needs }}
{{ include (printf "workload.env.%s" .) $.root }}
{{- end }}
{{- end }}
{{- end }}

{{/* root, calls: the services it may call, by name. */}}
{{- define "workload.env.peers" -}}
{{- $peers := dict -}}
{{- range .calls -}}
{{- $_ := set $peers . (printf "dns:///%s-%s:9000" $.root.Release.Name .) -}}
{{- end -}}
{{- if $peers -}}
- {name: KINORA_PEERS, value: {{ $peers | toJson | squote }}}
{{- end -}}
{{- end }}

{{/* service, values: its settings and secrets, prefixed. */}}
{{- define "workload.env.settings" -}}
{{- range $name, $value := .values.settings }}
- {name: {{ upper (printf "%s_%s" $.service $name) }}, value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }}}
{{- end }}
{{- range $name, $from := .values.secrets }}
{{ include "workload.secretEnv" (dict "env" (upper (printf "%s_%s" $.service $name)) "secret" $from.secret "key" $from.key) }}
{{- end }}
{{- range $name, $value := .values.env }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}

{{/* A service's container: root, service (whose settings), entry (of the map), values. */}}
{{- define "workload.env.service" -}}
{{ include "workload.env.process" .root }}
- {name: KINORA_GRPC_LISTEN, value: "0.0.0.0:9000"}
- {name: KINORA_HEALTH_LISTEN, value: "0.0.0.0:9001"}
- {name: KINORA_METRICS_PORT, value: "9464"}
{{- if .entry.http }}
- {name: KINORA_HTTP_LISTEN, value: "0.0.0.0:8000"}
{{- end }}
- {name: KINORA_PUBLIC_URL, value: {{ .root.Values.global.publicUrl | quote }}}
- {name: KINORA_MIGRATIONS, value: wait}
{{- if .root.Values.global.tls.enabled }}
- {name: KINORA_TLS_DIR, value: /etc/kinora/tls}
{{- end }}
{{ include "workload.env.peers" (dict "root" .root "calls" .entry.calls) }}
{{- include "workload.env.needs" (dict "root" .root "needs" .entry.needs) }}
{{- if has "objects" .entry.needs }}
{{- $objects := .root.Values.global.objects }}
- {name: KINORA_MEDIA_DELIVERY, value: {{ ternary "gateway" $objects.external.delivery $objects.bundled.enabled }}}
{{- end }}
{{ include "workload.secretEnv" (dict "env" "KINORA_INTERNAL_SECRET" "secret" (include "workload.keysSecret" .root) "key" "internal-secret") }}
{{- range $env, $key := .entry.keys }}
{{ include "workload.secretEnv" (dict "env" $env "secret" (include "workload.keysSecret" $.root) "key" $key) }}
{{- end }}
{{- range $env, $value := .entry.env }}
- {name: {{ $env }}, value: {{ $value | quote }}}
{{- end }}
{{- include "workload.env.settings" . }}
{{- end }}
