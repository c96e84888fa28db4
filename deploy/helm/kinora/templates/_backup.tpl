{{- define "kinora.backup.cronJob" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ .root.Release.Name }}-{{ .suffix }}
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  schedule: {{ .schedule | quote }}
  suspend: {{ .suspend }}
  concurrencyPolicy: Forbid
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        metadata:
          labels: {{- include "workload.labels" . | nindent 12 }}
        spec: {{- include "kinora.backup.pod" . | nindent 10 }}
{{- end }}

{{- define "kinora.backup.pod" -}}
{{- $needs := list "postgres" "objects" -}}
{{- $backup := .root.Values.backup -}}
restartPolicy: Never
serviceAccountName: {{ .root.Release.Name }}-backup
{{ include "workload.podDefaults" . }}
containers:
  - name: kinora
    image: {{ include "workload.image" (dict "root" .root "image" .root.Values.tools.image) }}
    imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
    args: {{ .args | toJson }}
    env:
      {{- include "workload.env.process" .root | nindent 6 }}
      {{- include "workload.env.needs" (dict "root" .root "needs" $needs) | nindent 6 }}
      {{- include "kinora.backup.env" .root | nindent 6 }}
    resources: {{- toYaml $backup.resources | nindent 6 }}
    securityContext: {{- include "workload.containerSecurity" . | nindent 6 }}
    volumeMounts:
      {{- include "workload.volumeMounts" (dict "root" .root "needs" $needs) | nindent 6 }}
      {{- if $backup.claim }}
      - {name: backups, mountPath: /backups}
      {{- end }}
volumes:
  {{- include "workload.volumes" (dict "root" .root "needs" $needs) | nindent 2 }}
  {{- with $backup.claim }}
  - {name: backups, persistentVolumeClaim: {claimName: {{ . }}}}
  {{- end }}
{{- end }}

{{/* Where backups lie, and the keys: a backup names those that it needs, and a restore begins with looking for them. */}}
{{- define "kinora.backup.env" -}}
{{- $secret := include "workload.keysSecret" . -}}
{{- with .Values.backup -}}
- {name: KINORA_BACKUP_URL, value: {{ .url | quote }}}
{{- with .store.endpoint }}
- {name: KINORA_BACKUP_AWS_ENDPOINT_URL, value: {{ . | quote }}}
{{- end }}
{{- with .store.region }}
- {name: KINORA_BACKUP_AWS_REGION, value: {{ . | quote }}}
{{- end }}
{{- with .store.secret }}
{{ include "workload.secretEnv" (dict "env" "KINORA_BACKUP_AWS_ACCESS_KEY_ID" "secret" . "key" "access-key") }}
{{ include "workload.secretEnv" (dict "env" "KINORA_BACKUP_AWS_SECRET_ACCESS_KEY" "secret" . "key" "secret-key") }}
{{- end }}
{{- end }}
{{ include "workload.secretEnv" (dict "env" "KINORA_INTERNAL_SECRET" "secret" $secret "key" "internal-secret") }}
{{ include "workload.secretEnv" (dict "env" "CAMEO_MASTER_KEYS" "secret" $secret "key" "master-keys") }}
{{ include "workload.secretEnv" (dict "env" "PROVENANCE_MARK_KEYS" "secret" $secret "key" "mark-keys") }}
{{- end }}
