{{/* The "restricted" Pod Security Standard, and more: nobody is root, nothing is written but in the folders below. */}}

{{- define "workload.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "workload.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "workload.pullSecrets" -}}
{{- with .Values.global.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* root, needs, tls (whose certificate, or empty), mounts: the folders of a process; volumes here, mounts below. */}}
{{- define "workload.volumes" -}}
- {name: state, emptyDir: {}}
- {name: tmp, emptyDir: {}}
{{- range include "workload.folders" . | fromYamlArray }}
- name: {{ .name }}
  secret: {secretName: {{ .secret }}, defaultMode: 0440}
{{- end }}
{{- end }}

{{- define "workload.volumeMounts" -}}
- {name: state, mountPath: /state}
- {name: tmp, mountPath: /tmp}
{{- range include "workload.folders" . | fromYamlArray }}
- {name: {{ .name }}, mountPath: /etc/kinora/{{ .name }}, readOnly: true}
{{- end }}
{{- end }}

{{/* Secrets that are folders under /etc/kinora. */}}
{{- define "workload.folders" -}}
{{- $postgres := .root.Values.global.postgres -}}
{{- $kafka := .root.Values.global.kafka -}}
{{- $folders := list -}}
{{- if and .tls .root.Values.global.tls.enabled -}}
{{- $folders = append $folders (dict "name" "tls" "secret" (printf "%s-%s-tls" .root.Release.Name .tls)) -}}
{{- end -}}
{{- if and (has "postgres" .needs) (not $postgres.bundled.enabled) $postgres.external.caSecret -}}
{{- $folders = append $folders (dict "name" "postgres" "secret" $postgres.external.caSecret) -}}
{{- end -}}
{{- if and (has "kafka" .needs) (not $kafka.bundled.enabled) $kafka.external.caSecret -}}
{{- $folders = append $folders (dict "name" "kafka-ca" "secret" $kafka.external.caSecret) -}}
{{- end -}}
{{- if and (has "kafka" .needs) (not $kafka.bundled.enabled) $kafka.external.certificateSecret -}}
{{- $folders = append $folders (dict "name" "kafka-certificate" "secret" $kafka.external.certificateSecret) -}}
{{- end -}}
{{- range $name, $secret := .mounts -}}
{{- $folders = append $folders (dict "name" $name "secret" $secret) -}}
{{- end -}}
{{ toYaml $folders }}
{{- end }}
