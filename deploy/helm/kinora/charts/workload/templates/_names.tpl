{{/* Names, labels and images. `w` is a workload: name, component, root (the chart's own dot), values. */}}

{{- define "workload.fullname" -}}
{{ printf "%s-%s" .root.Release.Name .name }}
{{- end }}

{{- define "workload.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "workload.labels" -}}
{{ include "workload.selector" . }}
app.kubernetes.io/component: {{ .component | default .name }}
app.kubernetes.io/part-of: kinora
app.kubernetes.io/version: {{ .root.Values.global.image.tag | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* root, image (name, tag, digest): a name with a registry of its own is taken as it is. */}}
{{- define "workload.image" -}}
{{- $all := .root.Values.global.image -}}
{{- $path := .image.name -}}
{{- if not (contains "/" $path) -}}
{{- $path = compact (list $all.registry $all.repository $path) | join "/" -}}
{{- end -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $path .image.digest }}
{{- else -}}
{{ printf "%s:%s" $path (.image.tag | default $all.tag) }}
{{- end -}}
{{- end }}
