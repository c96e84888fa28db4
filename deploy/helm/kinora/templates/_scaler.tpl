{{- define "kinora.scaler.wanted" -}}
{{- range list "hpa" "keda" }}{{ if include "kinora.pools.by" (dict "root" $ "mode" .) | fromYamlArray }}true{{ break }}{{ end }}{{ end -}}
{{- end }}

{{/* Deployments that an HPA leaves alone at zero, for SCALER_POOLS. */}}
{{- define "kinora.scaler.pools" -}}
{{- $pools := dict -}}
{{- range $name, $values := include "kinora.pools" . | fromYaml -}}
{{- if and (eq $values.scaling.mode "hpa") (eq (int $values.scaling.min) 0) -}}
{{- $_ := set $pools (printf "%s-pool-%s" $.Release.Name $name) (dict "engine" $values.engine "min" 0 "idle_s" (int $values.scaling.calmSeconds)) -}}
{{- end -}}
{{- end -}}
{{ toJson $pools }}
{{- end }}

{{/* The cluster's external metrics, of which there is one server; the scaler itself writes the caBundle. */}}
{{- define "kinora.scaler.external" -}}
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.external.metrics.k8s.io
  labels: {{- .labels | nindent 4 }}
spec:
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  service: {name: {{ .name }}, namespace: {{ .root.Release.Namespace }}, port: 443}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ .unique }}
  labels: {{- .labels | nindent 4 }}
rules:
  - apiGroups: [apiregistration.k8s.io]
    resources: [apiservices]
    resourceNames: [v1beta1.external.metrics.k8s.io]
    verbs: [get, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ .unique }}
  labels: {{- .labels | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ .unique }}}
subjects: [{{ .subject | toJson }}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ .unique }}-front-proxy
  namespace: kube-system
  labels: {{- .labels | nindent 4 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader}
subjects: [{{ .subject | toJson }}]
{{- end }}
