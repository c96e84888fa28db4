{{/* A service: everything that one subchart is. Called with the subchart's own dot. */}}
{{- define "workload.service" -}}
{{ include "workload.objects" (dict "name" .Chart.Name "root" . "values" .Values) }}
{{- end }}

{{/* name, root, values: its own, which win over global.defaults; env: what only the umbrella chart can tell. */}}
{{- define "workload.objects" -}}
{{- $values := mergeOverwrite (deepCopy .root.Values.global.defaults) (omit .values "global") -}}
{{- $entry := index (include "workload.map" . | fromYaml) .name -}}
{{- $_ := set $entry "env" (merge (dict) ($entry.env | default dict) (.env | default dict)) -}}
{{- $w := dict "name" .name "root" .root "values" $values "entry" $entry "apiToken" (has "api" ($entry.needs | default list)) -}}
{{- $pods := ternary $values.autoscaling.min $values.replicas $values.autoscaling.enabled | int -}}
{{ include "workload.serviceAccount" $w }}
---
{{ include "workload.clusterService" $w }}
---
{{ include "workload.deployment" $w }}
{{- if and $values.autoscaling.enabled (not .root.Values.global.paused) }}
---
{{ include "workload.autoscaler" $w }}
{{- end }}
{{- if gt $pods 1 }}
---
{{ include "workload.disruption" $w }}
{{- end }}
{{- end }}

{{/* Without a token of its own: pods that speak to the cluster's API ask for one. */}}
{{- define "workload.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
  {{- with .values.serviceAccountAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{/* Headless for gRPC: clients see every pod and balance between them. HTTP has an address, for the Ingress and the cluster's API. */}}
{{- define "workload.clusterService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  selector: {{- include "workload.selector" . | nindent 4 }}
  {{- if .entry.http }}
  ports:
    - {name: http, port: {{ .entry.http }}, targetPort: http}
  {{- else }}
  clusterIP: None
  ports:
    - {name: grpc, port: 9000, targetPort: grpc}
  {{- end }}
{{- end }}

{{- define "workload.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "workload.selector" . | nindent 6 }}
{{- end }}

{{- define "workload.autoscaler" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "workload.fullname" . }}}
  minReplicas: {{ .values.autoscaling.min }}
  maxReplicas: {{ .values.autoscaling.max }}
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: {{ .values.autoscaling.cpu }}}}
    {{- with .values.autoscaling.metrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
