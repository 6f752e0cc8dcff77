// What longshore is measured against: an operator of controller-runtime that does nothing but report that it has seen each
// EcrRepository. It asks nobody about anything, AWS least of all.
//
//	controller-runtime-operator KUBECONFIG NAMESPACE WORKERS OBJECTS
//
// Prints a line when it has reconciled as often as there are objects.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var groupVersion = schema.GroupVersion{Group: "longshore.dev", Version: "v1alpha1"}

// EcrRepository is as small as it can be: the spec is kept as it comes.
type EcrRepository struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              json.RawMessage `json:"spec,omitempty"`
	Status            Status          `json:"status,omitempty"`
}

// Status is what longshore writes, field for field.
type Status struct {
	RepositoryName       string             `json:"repositoryName,omitempty"`
	Arn                  string             `json:"arn,omitempty"`
	URL                  string             `json:"url,omitempty"`
	RegistryID           string             `json:"registryId,omitempty"`
	CreatedAt            string             `json:"createdAt,omitempty"`
	AccountID            string             `json:"accountId,omitempty"`
	Region               string             `json:"region,omitempty"`
	ObservedGeneration   int64              `json:"observedGeneration,omitempty"`
	ReconciledGeneration int64              `json:"reconciledGeneration,omitempty"`
	Conditions           []metav1.Condition `json:"conditions,omitempty"`
	Inventory            []Entry            `json:"inventory,omitempty"`
}

// Entry is one of the inventory.
type Entry struct {
	Name      string            `json:"name"`
	Type      string            `json:"type"`
	ID        string            `json:"id"`
	Origin    string            `json:"origin"`
	Retain    bool              `json:"retain"`
	DependsOn []string          `json:"dependsOn"`
	Memo      map[string]string `json:"memo,omitempty"`
	CreatedAt metav1.Time       `json:"createdAt"`
}

// EcrRepositoryList is a list of them.
type EcrRepositoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []EcrRepository `json:"items"`
}

// DeepCopy copies all that is ever changed.
func (in *EcrRepository) DeepCopy() *EcrRepository {
	out := *in
	out.ObjectMeta = *in.ObjectMeta.DeepCopy()
	out.Spec = append(json.RawMessage(nil), in.Spec...)
	out.Status.Conditions = append([]metav1.Condition(nil), in.Status.Conditions...)
	out.Status.Inventory = append([]Entry(nil), in.Status.Inventory...)
	return &out
}

// DeepCopyObject is what runtime.Object asks for.
func (in *EcrRepository) DeepCopyObject() runtime.Object { return in.DeepCopy() }

// DeepCopyObject is what runtime.Object asks for.
func (in *EcrRepositoryList) DeepCopyObject() runtime.Object {
	out := *in
	out.Items = nil
	for i := range in.Items {
		out.Items = append(out.Items, *in.Items[i].DeepCopy())
	}
	return &out
}

type reconciler struct {
	client.Client
	left atomic.Int64
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := &EcrRepository{}
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if object.Status.ObservedGeneration != object.Generation {
		before := object.DeepCopy()
		object.Status = statusOf(object)
		if err := r.Status().Patch(ctx, object, client.MergeFrom(before)); err != nil {
			return ctrl.Result{}, err
		}
	}
	if r.left.Add(-1) == 0 {
		fmt.Println("through")
	}
	return ctrl.Result{}, nil
}

func statusOf(object *EcrRepository) Status {
	name := object.Namespace + "/" + object.Name
	const account, region = "123456789012", "us-east-1"
	return Status{
		RepositoryName:       name,
		Arn:                  "arn:aws:ecr:" + region + ":" + account + ":repository/" + name,
		URL:                  account + ".dkr.ecr." + region + ".amazonaws.com/" + name,
		RegistryID:           account,
		CreatedAt:            "2026-01-01T00:00:00.000Z",
		AccountID:            account,
		Region:               region,
		ObservedGeneration:   object.Generation,
		ReconciledGeneration: object.Generation,
		Conditions: []metav1.Condition{{
			Type: "Ready", Status: "True", Reason: "InSync", Message: "AWS matches the spec",
			LastTransitionTime: metav1.Now(), ObservedGeneration: object.Generation,
		}},
		Inventory: []Entry{{
			Name: "repository", Type: "ecr-repository", ID: name, Origin: "Created", DependsOn: []string{},
			Memo: map[string]string{"tagKeys": `["team"]`}, CreatedAt: metav1.Now(),
		}},
	}
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(kubeconfig, namespace, workersText, objectsText string) error {
	workers, err := strconv.Atoi(workersText)
	if err != nil {
		return err
	}
	objects, err := strconv.ParseInt(objectsText, 10, 64)
	if err != nil {
		return err
	}
	ctrl.SetLogger(logr.Discard())
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1
	scheme := runtime.NewScheme()
	scheme.AddKnownTypes(groupVersion, &EcrRepository{}, &EcrRepositoryList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:                  scheme,
		Metrics:                 server.Options{BindAddress: "0"},
		Cache:                   cache.Options{DefaultNamespaces: map[string]cache.Config{namespace: {}}},
		GracefulShutdownTimeout: ptr(5 * time.Second),
	})
	if err != nil {
		return err
	}
	reconciler := &reconciler{Client: manager.GetClient()}
	reconciler.left.Store(objects)
	err = ctrl.NewControllerManagedBy(manager).For(&EcrRepository{}).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).Complete(reconciler)
	if err != nil {
		return err
	}
	return manager.Start(ctrl.SetupSignalHandler())
}

func ptr[T any](value T) *T { return &value }
