{{/* Where weights come from and what a diffusion engine is told. */}}

{{/* The volume, as a line of JSON; empty for the world engine, which has none. */}}
{{- define "kinora.pool.weights" -}}
{{- $volume := dict -}}
{{- with .values.weights -}}
{{- if .claim -}}
{{- $volume = dict "persistentVolumeClaim" (dict "claimName" .claim "readOnly" true) -}}
{{- else if .volume -}}
{{- $volume = .volume -}}
{{- else if and .url .copyClaim -}}
{{- $volume = dict "persistentVolumeClaim" (dict "claimName" .copyClaim) -}}
{{- else if .url -}}
{{- $volume = dict "emptyDir" (dict "sizeLimit" .size) -}}
{{- end -}}
{{- end -}}
{{- if $volume -}}
{{ merge (dict "name" "weights") $volume | toJson }}
{{- end -}}
{{- end }}

{{/* Runs to its end before the engine starts; the next pod goes on where this one broke off, if they share a claim. */}}
{{- define "kinora.pool.copy" -}}
image: {{ include "workload.image" (dict "root" .root "image" .root.Values.tools.image) }}
imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
args: [weights, fetch, {{ .values.weights.url | quote }}, /weights]
env:
  {{- include "workload.env.process" .root | nindent 2 }}
  {{- include "kinora.pool.store" . | trim | nindent 2 }}
resources: {{- toYaml .values.weights.resources | nindent 2 }}
securityContext: {{- include "workload.containerSecurity" . | nindent 2 }}
volumeMounts:
  - {name: weights, mountPath: /weights}
  - {name: engine-state, mountPath: /state}
  - {name: engine-tmp, mountPath: /tmp}
{{- end }}

{{/* Whatever of `store` is set names another store than that of the media. */}}
{{- define "kinora.pool.store" -}}
{{- $store := .values.weights.store -}}
{{- if not (or $store.endpoint $store.region $store.secret) -}}
{{ include "workload.env.needs" (dict "root" .root "needs" (list "objects")) }}
{{- else -}}
{{- with $store.region }}
- {name: AWS_REGION, value: {{ . | quote }}}
{{- end }}
{{- with $store.endpoint }}
- {name: AWS_ENDPOINT_URL, value: {{ . | quote }}}
{{- if hasPrefix "http://" . }}
- {name: AWS_ALLOW_HTTP, value: "true"}
{{- end }}
{{- end }}
{{- with $store.secret }}
{{ include "workload.secretEnv" (dict "env" "AWS_ACCESS_KEY_ID" "secret" . "key" "access-key") }}
{{ include "workload.secretEnv" (dict "env" "AWS_SECRET_ACCESS_KEY" "secret" . "key" "secret-key") }}
{{- end }}
{{- end }}
{{- end }}

{{/* A pool's values: lists as the settings read them, parted by commas. */}}
{{- define "kinora.pool.diffusion" -}}
{{- if ne .family "world" -}}
- {name: DIFFUSION_WEIGHTS, value: /weights}
- {name: KINORA_LICENCE_ACCEPTED, value: {{ .licence.accepted | quote }}}
{{- range $name, $value := .diffusion }}
- {name: {{ upper (printf "DIFFUSION_%s" $name) }}, value: {{ kindIs "slice" $value | ternary $value (list $value) | join "," | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* name, pool, licence: refuses, with its terms, until the operator has named it. Random weights are under none. */}}
{{- define "kinora.pool.licence" -}}
{{- $accepted := .pool.licence.accepted -}}
{{- if and .licence.mustBeAccepted (ne $accepted .licence.id) (ne $accepted "none") -}}
{{- fail (printf "pools.%s.licence.accepted is %q: weights of %s come under %q (%s, %s):\n- %s\nWhoever has read it and accepts it sets pools.%s.licence.accepted to %s (\"none\" is for random weights)." .name $accepted .pool.family .licence.id .licence.name .licence.url (join "\n- " .licence.terms) .name .licence.id) -}}
{{- end -}}
{{- end }}
