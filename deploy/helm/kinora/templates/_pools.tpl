{{/* All pools by name, with what each leaves to its family and to all. */}}
{{- define "kinora.pools" -}}
{{- $pools := dict -}}
{{- range $name, $own := .Values.pools -}}
{{- $family := index $.Values.families (dig "family" $.Values.poolDefaults.family $own) -}}
{{- $_ := set $pools $name (mergeOverwrite (deepCopy $.Values.poolDefaults) (deepCopy $family) (deepCopy $own)) -}}
{{- end -}}
{{ toYaml $pools }}
{{- end }}

{{/* root, mode: the pools that scale so, by name. */}}
{{- define "kinora.pools.by" -}}
{{- range $name, $pool := include "kinora.pools" .root | fromYaml }}
{{- if eq $pool.scaling.mode $.mode }}
- {{ $name }}
{{- end }}
{{- end }}
{{- end }}

{{/* A pool's engine as generation is told of it. */}}
{{- define "kinora.pool.entry" -}}
{{- $entry := dict "id" .engine "family" .family "triton_model" .family "aliases" .aliases "created_at" (int64 .createdAt) -}}
{{- with .draftOverflow.engine -}}
{{- $_ := set $entry "draft_overflow" (dict "engine" . "after_s" $.draftOverflow.afterSeconds) -}}
{{- end -}}
{{ toJson $entry }}
{{- end }}

{{/* GENERATION_ENGINES: every engine that some pool renders, the default first. */}}
{{- define "kinora.engines" -}}
{{- $engines := dict -}}
{{- range $name, $pool := include "kinora.pools" . | fromYaml -}}
{{- $entry := include "kinora.pool.entry" $pool -}}
{{- if ne $entry (get $engines $pool.engine | default $entry) -}}
{{- fail (printf "pools.%s: another pool of %s says otherwise: family, aliases, createdAt and draftOverflow are the engine's, and must be the same in all its pools" $name $pool.engine) -}}
{{- end -}}
{{- $_ := set $engines $pool.engine $entry -}}
{{- end -}}
{{- if not (hasKey $engines .Values.defaultEngine) -}}
{{- fail (printf "defaultEngine: no pool renders %s; pools render %s" .Values.defaultEngine (keys $engines | sortAlpha | join ", ")) -}}
{{- end -}}
{{- $others := without (keys $engines | sortAlpha) .Values.defaultEngine -}}
{{- $told := list (get $engines .Values.defaultEngine) -}}
{{- range $others -}}{{- $told = append $told (get $engines .) -}}{{- end -}}
[{{ join "," $told }}]
{{- end }}
