{{/* One pod: an engine that is ready before the worker begins and ends after it, and the worker that has it on loopback. */}}
{{- define "kinora.pool" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "workload.fullname" . }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  {{- if .root.Values.global.paused }}
  replicas: 0
  {{- else if eq .values.scaling.mode "fixed" }}
  replicas: {{ .values.scaling.min }}
  {{- end }}
  selector:
    matchLabels: {{- include "workload.selector" . | nindent 6 }}
  strategy:
    rollingUpdate: {maxSurge: {{ .values.rollout.surge }}, maxUnavailable: {{ .values.rollout.unavailable }}}
  progressDeadlineSeconds: {{ add (ternary .values.weights.copySeconds 0 (ne .values.weights.url "")) .values.startupSeconds .values.drainSeconds 600 }}
  template:
    metadata: {{- include "workload.podMetadata" . | nindent 6 }}
    spec:
      serviceAccountName: {{ include "workload.fullname" . }}
      {{- include "workload.podDefaults" . | nindent 6 }}
      {{- with .values.runtimeClassName }}
      runtimeClassName: {{ . }}
      {{- end }}
      terminationGracePeriodSeconds: {{ add .values.drainSeconds 60 }}
      initContainers:
        {{- if .values.weights.url }}
        - name: weights
          {{- include "kinora.pool.copy" . | nindent 10 }}
        {{- end }}
        - name: engine
          {{- include "kinora.pool.engine" . | nindent 10 }}
      containers:
        - name: worker
          {{- include "kinora.pool.worker" . | nindent 10 }}
      volumes:
        - {name: shm, emptyDir: {medium: Memory, sizeLimit: {{ .values.sharedMemory }}}}
        - {name: engine-state, emptyDir: {}}
        - {name: engine-tmp, emptyDir: {}}
        {{- with include "kinora.pool.weights" . }}
        - {{ . }}
        {{- end }}
        {{- include "workload.volumes" (include "kinora.pool.folders" . | fromYaml | merge (dict "root" .root)) | nindent 8 }}
{{- end }}

{{/* A worker is a client and a server like the generation service, and shows its certificate. */}}
{{- define "kinora.pool.folders" -}}
needs: {{ index (include "workload.map" .root | fromYaml) "pool" "needs" | toJson }}
tls: generation
mounts: {{ .root.Values.generation.mounts | default dict | toJson }}
{{- end }}

{{/* Its port on the network serves metrics alone, so probes are commands in the image. */}}
{{- define "kinora.pool.engine" -}}
image: {{ include "workload.image" (dict "root" .root "image" .values.image) }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
restartPolicy: Always
env:
  {{- include "workload.env.system" .root | nindent 2 }}
  {{- include "workload.env.needs" (dict "root" .root "needs" (list "objects")) | trim | nindent 2 }}
  - {name: TRITON_MODELS, value: {{ .values.family }}}
  - {name: TRITON_EXIT_TIMEOUT_S, value: {{ .values.drainSeconds | quote }}}
  {{- if .values.threads }}
  - {name: OMP_NUM_THREADS, value: {{ .values.threads | quote }}}
  {{- end }}
  {{- include "kinora.pool.diffusion" .values | nindent 2 }}
  {{- range $name, $value := .values.engineEnv }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
ports:
  - {name: engine, containerPort: 8002}
startupProbe:
  exec: {command: [triton, ready]}
  periodSeconds: 2
  timeoutSeconds: 10
  failureThreshold: {{ div (int .values.startupSeconds) 2 }}
livenessProbe:
  exec: {command: [triton, live]}
  periodSeconds: 10
  timeoutSeconds: 10
  failureThreshold: 3
  terminationGracePeriodSeconds: 5  # an engine whose model is dead waits for it in vain
resources:
  {{- $resources := deepCopy .values.engineResources }}
  {{- if eq .values.kind "gpu" }}
  {{- $resources = mergeOverwrite $resources (dict "limits" (dict "nvidia.com/gpu" (int .values.gpus))) }}
  {{- end }}
  {{- toYaml $resources | nindent 2 }}
securityContext: {{- include "workload.containerSecurity" . | nindent 2 }}
volumeMounts:
  - {name: shm, mountPath: /dev/shm}
  - {name: engine-state, mountPath: /state}
  - {name: engine-tmp, mountPath: /tmp}
  {{- if include "kinora.pool.weights" . }}
  - {name: weights, mountPath: /weights, readOnly: true{{ with .values.weights.path }}, subPath: {{ . | quote }}{{ end }}}
  {{- end }}
{{- end }}

{{/* As many as the engine renders at once: a diffusion engine has an instance on each GPU. */}}
{{- define "kinora.pool.workers" -}}
{{- if eq .family "world" }}{{ .instances }}{{ else if eq .kind "gpu" }}{{ .gpus }}{{ else }}1{{ end -}}
{{- end }}

{{- define "kinora.pool.worker" -}}
{{- $generation := mergeOverwrite (deepCopy .root.Values.global.defaults) (omit .root.Values.generation "global") -}}
{{- $entry := deepCopy (index (include "workload.map" .root | fromYaml) "pool") -}}
{{- $env := dict "GENERATION_ONLY_WORKERS" "true" "GENERATION_WORKERS" (include "kinora.pool.workers" .values) "GENERATION_ENGINES" (include "kinora.engines" .root) "GENERATION_DRAIN_S" (toString .values.drainSeconds) "KINORA_TRITON_URL" "127.0.0.1:8001" -}}
{{- $_ := set $entry "env" $env -}}
image: {{ include "workload.image" (dict "root" .root "image" (dict "name" ($generation.image.name | default "generation") "tag" $generation.image.tag "digest" $generation.image.digest)) }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
args: [serve, generation]
env:
  {{- include "workload.env.service" (dict "root" .root "service" "generation" "entry" $entry "values" $generation) | nindent 2 }}
ports:
  - {name: health, containerPort: 9001}
  - {name: metrics, containerPort: 9464}
{{- include "workload.probes" (dict "startupSeconds" $generation.startupSeconds) }}
resources: {{- toYaml .values.workerResources | nindent 2 }}
securityContext: {{- include "workload.containerSecurity" . | nindent 2 }}
volumeMounts:
  {{- include "workload.volumeMounts" (include "kinora.pool.folders" . | fromYaml | merge (dict "root" .root)) | nindent 2 }}
{{- end }}
