// Command argocd is what the tests need of Argo CD, in one program and nothing of what they do not need (API server, web
// interface, notifications, Dex): compiling those would double the time.
//
//	argocd application-controller | repo-server | applicationset-controller [FLAG …]   as Argo CD runs them
//	argocd cache ADDRESS    what they keep in Redis, in memory
//	argocd health FILE      the health of objects, by the ConfigMap argocd-cm in FILE
package main

import (
	"fmt"
	"os"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/argoproj/argo-cd/v3/util/log"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
)

func main() {
	klog.SetLogger(log.NewLogrusLogger(log.NewWithCurrentConfig()))
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("which program?")
	}
	switch verb, rest := args[0], args[1:]; verb {
	case "application-controller":
		return execute(controller.NewCommand(), rest)
	case "repo-server":
		return execute(reposerver.NewCommand(), rest)
	case "applicationset-controller":
		return execute(applicationset.NewCommand(), rest)
	case "cache":
		return serveCache(rest)
	case "health":
		return judgeHealth(rest)
	default:
		return fmt.Errorf("no program %s", verb)
	}
}

func execute(command *cobra.Command, args []string) error {
	command.SetArgs(args)
	return command.Execute()
}
