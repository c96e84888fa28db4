{{/* What the Job has to make beside the platform's own keys. */}}
{{- define "kinora.keys.args" -}}
{{- $global := .Values.global -}}
{{- if $global.postgres.bundled.enabled }}
- --postgres
{{- end }}
{{- if $global.objects.bundled.enabled }}
- --objects
{{- end }}
{{- if and $global.tls.enabled (eq $global.tls.issuer "keys") }}
- --certificates
{{- end }}
{{- end }}

{{/* The Secrets it may read and change, by name. */}}
{{- define "kinora.keys.secrets" -}}
{{- $release := .Release.Name -}}
- {{ $release }}-keys
- {{ $release }}-postgres
- {{ $release }}-objects
- {{ $release }}-ca
{{- range include "kinora.services" . | fromYamlArray }}
- {{ $release }}-{{ . }}-tls
{{- end }}
{{- end }}

{{- define "kinora.services" -}}
{{ without (keys (include "kinora.map" . | fromYaml)) "pool" | sortAlpha | toYaml }}
{{- end }}

{{/* The table of the workload chart, without what does not run. */}}
{{- define "kinora.map" -}}
{{- $map := include "workload.map" . | fromYaml -}}
{{ ternary $map (omit $map "scaler") (eq (include "kinora.scaler.wanted" .) "true") | toYaml }}
{{- end }}

{{- define "kinora.keys.name" -}}
{{ .root.Release.Name }}-keys{{ if .hook }}-hook{{ end }}
{{- end }}

{{/* ServiceAccount, Role and binding: once for the hook, which comes before all else and goes again, and once for the CronJob. */}}
{{- define "kinora.keys.access" -}}
{{- $name := include "kinora.keys.name" . -}}
{{- $metadata := printf "name: %s\nlabels:%s" $name (include "workload.labels" . | nindent 2) -}}
{{- if .hook -}}
{{- $metadata = printf "%s\nannotations: {helm.sh/hook: \"pre-install,pre-upgrade\", helm.sh/hook-weight: \"-20\", helm.sh/hook-delete-policy: \"before-hook-creation,hook-succeeded\"}" $metadata -}}
{{- end -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- $metadata | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{- $metadata | nindent 2 }}
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [create]
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, update]
    resourceNames: {{- include "kinora.keys.secrets" .root | nindent 6 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{- $metadata | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $name }}}
subjects:
  - {kind: ServiceAccount, name: {{ $name }}, namespace: {{ .root.Release.Namespace }}}
{{- end }}

{{- define "kinora.keys.pod" -}}
metadata:
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  restartPolicy: OnFailure
  serviceAccountName: {{ include "kinora.keys.name" . }}
  {{- include "workload.podDefaults" (merge (dict "apiToken" true) .) | nindent 2 }}
  containers:
    - name: keys
      image: {{ include "workload.image" (dict "root" .root "image" .root.Values.tools.image) }}
      imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
      args:
        - keys
        - --release={{ .root.Release.Name }}
        - --namespace={{ .root.Release.Namespace }}
        - --services={{ include "kinora.services" .root | fromYamlArray | join "," }}
        {{- include "kinora.keys.args" .root | nindent 8 }}
      env:
        {{- include "workload.env.process" .root | nindent 8 }}
      resources: {{- toYaml .root.Values.tools.resources | nindent 8 }}
      securityContext: {{- include "workload.containerSecurity" . | nindent 8 }}
      volumeMounts:
        {{- include "workload.volumeMounts" (dict "root" .root "needs" list) | nindent 8 }}
  volumes:
    {{- include "workload.volumes" (dict "root" .root "needs" list) | nindent 4 }}
{{- end }}

{{- define "kinora.keys.wanted" -}}
{{- if or (not .Values.global.keys.existingSecret) (include "kinora.keys.args" . | fromYamlArray) }}true{{ end -}}
{{- end }}
