{{/*
A server for trials: one pod on one volume. FOR TRIALS: no copies, no backups, no upgrades between major versions.
root, name, spec (its values), port, env (rendered), its data lies in /data; probe.
*/}}
{{- define "kinora.trial" -}}
{{- $w := dict "name" .name "root" .root "values" (omit .root.Values.global.defaults "podLabels" "podAnnotations") -}}
{{- $fullname := include "workload.fullname" $w -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $fullname }}
  labels: {{- include "workload.labels" $w | nindent 4 }}
spec:
  clusterIP: None
  publishNotReadyAddresses: {{ .publishNotReady | default false }}
  selector: {{- include "workload.selector" $w | nindent 4 }}
  ports:
    - {name: {{ .name }}, port: {{ .port }}, targetPort: {{ .name }}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $fullname }}
  labels: {{- include "workload.labels" $w | nindent 4 }}
spec:
  serviceName: {{ $fullname }}
  replicas: 1
  selector:
    matchLabels: {{- include "workload.selector" $w | nindent 6 }}
  template:
    metadata:
      labels: {{- include "workload.labels" $w | nindent 8 }}
    spec:
      {{- include "workload.podDefaults" $w | nindent 6 }}
      terminationGracePeriodSeconds: 60
      containers:
        - name: {{ .name }}
          image: {{ include "workload.image" (dict "root" .root "image" .spec.image) }}
          imagePullPolicy: {{ .root.Values.global.image.pullPolicy }}
          env: {{- .env | nindent 12 }}
          ports:
            - {name: {{ .name }}, containerPort: {{ .port }}}
          startupProbe: {{- merge (dict "periodSeconds" 1 "failureThreshold" 180) .probe | toYaml | nindent 12 }}
          readinessProbe: {{- merge (dict "periodSeconds" 2) .probe | toYaml | nindent 12 }}
          livenessProbe: {{- merge (dict "periodSeconds" 10 "failureThreshold" 6) .probe | toYaml | nindent 12 }}
          resources: {{- toYaml .spec.resources | nindent 12 }}
          securityContext: {{- include "workload.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - {name: data, mountPath: /data}
            - {name: tmp, mountPath: /tmp}
      volumes:
        - {name: tmp, emptyDir: {}}
        {{- if eq .spec.storage.kind "memory" }}
        - {name: data, emptyDir: {}}
        {{- end }}
  {{- if eq .spec.storage.kind "claim" }}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .spec.storage.className }}
        storageClassName: {{ ternary "" . (eq . "-") | quote }}
        {{- end }}
        resources: {requests: {storage: {{ .spec.storage.size }}}}
  {{- end }}
{{- end }}
