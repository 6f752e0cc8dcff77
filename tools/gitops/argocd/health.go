package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
	"github.com/argoproj/gitops-engine/pkg/health"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/yaml"
)

const (
	namespace    = "argocd"
	maxLineBytes = 4 << 20
)

// judgeHealth reads objects from standard input, one in a line as JSON, and writes for each what the application controller
// would make of it: {"status": "Healthy", "message": "…"}, or null where it has no opinion.
func judgeHealth(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("health FILE")
	}
	overrides, err := overridesIn(args[0])
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLineBytes)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(lines.Bytes()); err != nil {
			return err
		}
		// A script that fails is an answer, too: Unknown, with what went wrong as its message.
		verdict, _ := health.GetResourceHealth(object, overrides)
		if err := answers.Encode(verdict); err != nil {
			return err
		}
	}
	return lines.Err()
}

// overridesIn reads a ConfigMap as Argo CD reads the one in its cluster.
func overridesIn(path string) (lua.ResourceHealthOverrides, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	configMap := &corev1.ConfigMap{}
	if err := yaml.UnmarshalStrict(text, configMap); err != nil {
		return nil, err
	}
	labels := map[string]string{"app.kubernetes.io/part-of": "argocd"}
	configMap.ObjectMeta = metav1.ObjectMeta{Namespace: namespace, Name: common.ArgoCDConfigMapName, Labels: labels}
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: common.ArgoCDSecretName, Labels: labels},
		Data:       map[string][]byte{"server.secretkey": []byte("unused")},
	}
	manager := settings.NewSettingsManager(context.Background(), fake.NewClientset(configMap, secret), namespace)
	return manager.GetResourceOverrides()
}
