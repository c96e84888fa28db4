{{/*
Every component with pods, and where it goes: `to`, components of this release; `out`, what lies outside (global.network.egress); `open`,
who may come from outside (global.network.ingress). Services come from the map of the workload chart.
*/}}
{{- define "kinora.network" -}}
{{- $places := include "kinora.network.places" . | fromYaml -}}
{{- range $component, $entry := include "kinora.map" . | fromYaml }}
{{- $needs := concat (list "dns" "otlp") ($entry.needs | default list) }}
{{ $component }}: {{ include "kinora.network.row" (dict "places" $places "calls" $entry.calls "needs" $needs "open" (append ($entry.open | default list) "metrics")) }}
{{- end }}
migrate: {{ include "kinora.network.row" (dict "places" $places "needs" (list "dns" "postgres")) }}
{{- if .Values.backup.url }}
backup: {{ include "kinora.network.row" (dict "places" $places "needs" (list "dns" "postgres" "objects" "backups")) }}
{{- end }}
{{- if include "kinora.keys.wanted" . }}
keys: {{ include "kinora.network.row" (dict "places" $places "needs" (list "dns" "api")) }}
{{- end }}
{{- range $server := list "postgres" "kafka" "objects" }}
{{- if eq (index $places $server) "here" }}
{{ $server }}: {{ include "kinora.network.row" (dict "places" $places) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where each need is: here, a pod of this release; outside; or nowhere, since no setting names it. */}}
{{- define "kinora.network.places" -}}
{{- $provenance := .Values.provenance.settings | default dict -}}
dns: outside
api: outside
backups: outside
{{- range list "postgres" "kafka" "objects" }}
{{ . }}: {{ ternary "here" "outside" (index $.Values.global .).bundled.enabled }}
{{- end }}
weights: {{ ternary "outside" "nowhere" (include "kinora.pools" . | contains "url: s3:") }}
otlp: {{ ternary "outside" "nowhere" (ne .Values.global.otlpEndpoint "") }}
smtp: {{ ternary "outside" "nowhere" (ne (dig "settings" "smtp_host" "" .Values.identity) "") }}
director: {{ ternary "outside" "nowhere" (ne (dig "settings" "director_url" "" .Values.generation) "") }}
signing: {{ ternary "outside" "nowhere" (or (ne (get $provenance "tsa_url") "") (hasPrefix "awskms:" (get $provenance "signing_key"))) }}
{{- end }}

{{/* places, calls, needs, open: one row of the table. */}}
{{- define "kinora.network.row" -}}
{{- $to := .calls | default list -}}
{{- $out := list -}}
{{- range .needs -}}
{{- $place := index $.places . -}}
{{- if eq $place "here" }}{{ $to = append $to . }}{{ else if eq $place "outside" }}{{ $out = append $out . }}{{ end -}}
{{- end -}}
{to: {{ $to | toJson }}, out: {{ $out | toJson }}, open: {{ .open | default list | toJson }}}
{{- end }}

{{- define "kinora.network.pods" -}}
matchLabels: {app.kubernetes.io/instance: {{ .root.Release.Name }}, app.kubernetes.io/component: {{ .component }}}
{{- end }}

{{/* The port at which a component is reached by the others. */}}
{{- define "kinora.network.port" -}}
{{ get (dict "postgres" 5432 "kafka" 9092) . | default 9000 }}
{{- end }}

{{- define "kinora.network.ingress" -}}
{{- $callers := list -}}
{{- range $other, $row := .rows }}{{ if has $.component $row.to }}{{ $callers = append $callers $other }}{{ end }}{{ end -}}
{{- if $callers }}
- from:
  {{- range $callers }}
    - podSelector: {{- include "kinora.network.pods" (dict "root" $.root "component" .) | nindent 8 }}
  {{- end }}
  ports: [{port: {{ include "kinora.network.port" .component }}}]
{{- end }}
{{- range .row.open }}
- ports: [{port: {{ ternary . "http" (eq . "metrics") }}}{{ if and (eq . "metrics") (eq $.component "pool") }}, {port: engine}{{ end }}]
  {{- with index $.root.Values.global.network.ingress . }}
  from: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "kinora.network.egress" -}}
{{- range .row.to }}
- to:
    - podSelector: {{- include "kinora.network.pods" (dict "root" $.root "component" .) | nindent 8 }}
  ports: [{port: {{ include "kinora.network.port" . }}}]
{{- end }}
{{- range $name := .row.out }}
{{- with index $.root.Values.global.network.egress $name }}
- ports:
  {{- range .ports }}
    - {port: {{ . }}}
    {{- if eq $name "dns" }}
    - {port: {{ . }}, protocol: UDP}
    {{- end }}
  {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
