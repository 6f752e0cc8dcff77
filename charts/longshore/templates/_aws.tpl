{{- /* AWS's own variables: the SDK reads them. */ -}}
{{- define "longshore.awsVariables" -}}
{{- with .Values.aws.region }}
- name: AWS_REGION
  value: {{ . }}
{{- end }}
{{- with .Values.aws.endpoint }}
- name: AWS_ENDPOINT_URL
  value: {{ . }}
{{- end }}
{{- with .Values.aws.httpsProxy }}
- name: HTTPS_PROXY
  value: {{ . }}
{{- end }}
{{- with .Values.aws.noProxy }}
- name: NO_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.aws.credentials }}
{{- if .secretName }}
- name: AWS_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef: { name: {{ .secretName | quote }}, key: {{ .accessKeyIdKey | quote }} }
- name: AWS_SECRET_ACCESS_KEY
  valueFrom:
    secretKeyRef: { name: {{ .secretName | quote }}, key: {{ .secretAccessKeyKey | quote }} }
- name: AWS_SESSION_TOKEN
  valueFrom:
    secretKeyRef: { name: {{ .secretName | quote }}, key: {{ .sessionTokenKey | quote }}, optional: true }
{{- end }}
{{- end }}
{{- end -}}

{{- /* The port of a URL; empty: there is none, or it is the one of HTTPS, which is open. */ -}}
{{- define "longshore.openPort" -}}
{{- with . }}
{{- $url := urlParse . }}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (eq $url.scheme "https" | ternary "443" "80") }}
{{- if ne $port "443" }}{{ $port }}{{ end }}
{{- end }}
{{- end -}}
