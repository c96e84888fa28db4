{{- define "workload.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  {{- if .root.Values.global.paused }}
  replicas: 0
  {{- else if not .values.autoscaling.enabled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "workload.selector" . | nindent 6 }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  template:
    metadata: {{- include "workload.podMetadata" . | nindent 6 }}
    spec:
      serviceAccountName: {{ include "workload.fullname" . }}
      {{- include "workload.podDefaults" . | nindent 6 }}
      terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
      topologySpreadConstraints: {{- include "workload.spread" . | trim | nindent 8 }}
      containers:
        - name: {{ .name }}
          {{- include "workload.container" . | nindent 10 }}
      volumes:
        {{- include "workload.volumes" (dict "root" .root "needs" .entry.needs "tls" .name "mounts" .values.mounts) | nindent 8 }}
{{- end }}

{{- define "workload.podMetadata" -}}
labels:
  {{- include "workload.labels" . | nindent 2 }}
  {{- with .values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ .container | default .name }}
  {{- if .root.Values.global.scrapeAnnotations }}
  prometheus.io/scrape: "true"
  prometheus.io/port: "9464"
  {{- end }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What every pod of the platform has; those that speak to the cluster's API say so themselves. */}}
{{- define "workload.podDefaults" -}}
automountServiceAccountToken: {{ .apiToken | default false }}
enableServiceLinks: false
securityContext: {{- include "workload.podSecurity" . | nindent 2 }}
{{- include "workload.pullSecrets" .root }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "workload.spread" -}}
{{- range .values.spread }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels: {{- include "workload.selector" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{- define "workload.container" -}}
image: {{ include "workload.image" (dict "root" .root "image" (dict "name" (.values.image.name | default .name) "tag" .values.image.tag "digest" .values.image.digest)) }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
args: [serve, {{ .name }}]
env:
  {{- include "workload.env.service" (dict "root" .root "service" .name "entry" .entry "values" .values) | nindent 2 }}
ports:
  {{- if .entry.http }}
  - {name: http, containerPort: 8000}
  {{- else }}
  - {name: grpc, containerPort: 9000}
  {{- end }}
  - {name: health, containerPort: 9001}
  - {name: metrics, containerPort: 9464}
{{- include "workload.probes" (dict "startupSeconds" .values.startupSeconds) }}
lifecycle:
  preStop: {sleep: {seconds: {{ .values.preStopSeconds }}}}
resources: {{- toYaml .values.resources | nindent 2 }}
securityContext: {{- include "workload.containerSecurity" . | nindent 2 }}
volumeMounts:
  {{- include "workload.volumeMounts" (dict "root" .root "needs" .entry.needs "tls" .name "mounts" .values.mounts) | nindent 2 }}
{{- end }}

{{/* Native gRPC probes: a process is alive long before its database and its schema are there. */}}
{{- define "workload.probes" }}
startupProbe:
  grpc: {port: 9001, service: live}
  periodSeconds: 2
  failureThreshold: {{ div (int .startupSeconds) 2 }}
livenessProbe:
  grpc: {port: 9001, service: live}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  grpc: {port: 9001}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
{{- end }}
