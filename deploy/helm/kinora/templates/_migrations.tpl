{{/* No account of its own: it has no token, and a hook runs before a new service's account is there. */}}
{{- define "kinora.migration.pod" -}}
{{- $needs := list "postgres" -}}
{{- $image := .values.image -}}
metadata:
  labels: {{- include "workload.labels" . | nindent 4 }}
spec:
  restartPolicy: OnFailure
  {{- include "workload.podDefaults" . | nindent 2 }}
  containers:
    - name: migrate
      image: {{ include "workload.image" (dict "root" .root "image" (dict "name" ($image.name | default .service) "tag" $image.tag "digest" $image.digest)) }}
      imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
      args: [migrate, {{ .service }}]
      env:
        {{- include "workload.env.process" .root | nindent 8 }}
        {{- include "workload.env.needs" (dict "root" .root "needs" $needs) | nindent 8 }}
      resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 512Mi}}
      securityContext: {{- include "workload.containerSecurity" . | nindent 8 }}
      volumeMounts:
        {{- include "workload.volumeMounts" (dict "root" .root "needs" $needs) | nindent 8 }}
  volumes:
    {{- include "workload.volumes" (dict "root" .root "needs" $needs) | nindent 4 }}
{{- end }}
