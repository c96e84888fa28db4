{{/*
Who calls whom, and what else each needs: addresses, environment, Secrets and NetworkPolicies all come from this table.
  calls   services it speaks to by gRPC
  needs   servers it speaks to: postgres, kafka, objects, the cluster's api; smtp, director and signing where its settings name them
  keys    environment from the platform's keys
  http    the port of its Service, where it serves HTTP
  open    who may come to that from outside of the release (global.network.ingress)
*/}}
{{- define "workload.map" -}}
gateway:
  calls: [cameo, generation, identity, provenance]
  needs: [objects]
  http: 8000
  open: [http]
identity:
  calls: [likeness]
  needs: [postgres, kafka, objects, smtp]
  keys: {IDENTITY_FIRST_OPERATOR_KEY: first-operator-key}
likeness:
  needs: [objects]
cameo:
  calls: [identity, likeness]
  needs: [postgres, kafka, objects]
  keys: {CAMEO_MASTER_KEYS: master-keys}
provenance:
  calls: [cameo, generation, identity]
  needs: [postgres, kafka, objects, signing]
  keys: {PROVENANCE_MARK_KEYS: mark-keys}
generation:
  calls: [cameo]
  needs: [postgres, kafka, objects, director]
  env: {GENERATION_WORKERS: "0"}
scaler:
  calls: [generation]
  needs: [api]
  http: 443
  open: [scaler]
pool:
  calls: [cameo]
  needs: [postgres, objects, weights]
{{- end }}

{{/* The ports of every pod. */}}
{{- define "workload.ports" -}}
grpc: 9000
health: 9001
metrics: 9464
http: 8000
engine: 8002
{{- end }}
