{{/* Pods by the engine-seconds that wait, and more of them when the wait itself grows long. */}}
{{- define "kinora.pool.autoscaler" -}}
{{- $engine := dict "matchLabels" (dict "engine" .values.engine) | toJson -}}
{{- with .values.scaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "workload.fullname" $ }}
  labels: {{- include "workload.labels" $ | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "workload.fullname" $ }}}
  minReplicas: {{ max 1 .min }}
  maxReplicas: {{ .max }}
  metrics:
    - type: External
      external:
        metric: {name: kinora_engine_seconds, selector: {{ $engine }}}
        target: {type: AverageValue, averageValue: {{ .engineSeconds | quote }}}
    - type: External
      external:
        metric: {name: kinora_wait_p95_seconds, selector: {{ $engine }}}
        target: {type: Value, value: {{ .waitSeconds | quote }}}
  behavior: {{- include "kinora.pool.behavior" . | nindent 4 }}
{{- end }}
{{- end }}

{{/* A wait falls only as its videos are served, so growth is bounded: doubling, or two, in a minute. */}}
{{- define "kinora.pool.behavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  policies:
    - {type: Percent, value: 100, periodSeconds: 60}
    - {type: Pods, value: 2, periodSeconds: 60}
scaleDown: {stabilizationWindowSeconds: {{ .calmSeconds }}}
{{- end }}

{{/* The same by KEDA, which asks the scaler itself and needs neither external metrics of ours nor our waking of pools. */}}
{{- define "kinora.pool.scaledObject" -}}
{{- $scaler := printf "%s-scaler" .root.Release.Name -}}
{{- $url := printf "https://%s.%s.svc/engines/%s" $scaler .root.Release.Namespace .values.engine -}}
{{- with .values.scaling -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "workload.fullname" $ }}
  labels: {{- include "workload.labels" $ | nindent 4 }}
spec:
  scaleTargetRef: {name: {{ include "workload.fullname" $ }}}
  minReplicaCount: {{ .min }}
  maxReplicaCount: {{ .max }}
  cooldownPeriod: {{ .calmSeconds }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior: {{- include "kinora.pool.behavior" . | nindent 8 }}
  triggers:
    - type: metrics-api
      metadata: {url: {{ $url | quote }}, valueLocation: engine_seconds, targetValue: {{ .engineSeconds | quote }}, authMode: tls}
      authenticationRef: {name: {{ $scaler }}}
    - type: metrics-api
      metricType: Value
      metadata: {url: {{ $url | quote }}, valueLocation: wait_p95_seconds, targetValue: {{ .waitSeconds | quote }}, authMode: tls}
      authenticationRef: {name: {{ $scaler }}}
{{- end }}
{{- end }}

{{/* Whose certificate KEDA is to expect, and which it shows. */}}
{{- define "kinora.pools.triggerAuthentication" -}}
{{- $name := printf "%s-scaler" .Release.Name -}}
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ $name }}
  labels: {{- include "workload.labels" (dict "name" "scaler" "root" .) | nindent 4 }}
spec:
  secretTargetRef:
    - {parameter: ca, name: {{ $name }}-tls, key: ca.crt}
    - {parameter: cert, name: {{ $name }}-tls, key: tls.crt}
    - {parameter: key, name: {{ $name }}-tls, key: tls.key}
{{- end }}
