import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { OPERATOR_ACCOUNT, bindChartRoles } from '../support/chart-roles.ts'
import { joinCluster } from '../support/control-plane.ts'

const cluster = await joinCluster(import.meta.url)
const { kubectl, namespace } = cluster
const account = `system:serviceaccount:${namespace}:${OPERATOR_ACCOUNT}`

before(() => bindChartRoles(cluster))

async function canI(verb: string, resource: string, ...options: readonly string[]): Promise<string> {
  const question = kubectl('auth', 'can-i', verb, resource, `--as=${account}`, ...options)
  return (await question.catch((error: { stdout?: string }) => error.stdout ?? '')).trim()
}

describe("with the chart's roles the operator", () => {
  for (const { fact, answer, question } of [
    { fact: 'may watch our kinds everywhere', answer: 'yes', question: ['watch', 'ecsservices', '--all-namespaces'] },
    { fact: 'may write finalizers', answer: 'yes', question: ['patch', 'ecrrepositories'] },
    { fact: 'may write status', answer: 'yes', question: ['patch', 'ecsclusters', '--subresource=status'] },
    { fact: 'may not create our kinds', answer: 'no', question: ['create', 'ecsservices'] },
    { fact: 'may not delete our kinds', answer: 'no', question: ['delete', 'ecsservices'] },
    { fact: 'may write events', answer: 'yes', question: ['create', 'events.events.k8s.io'] },
    {
      fact: 'may read the namespace that names the installation',
      answer: 'yes',
      question: ['get', 'namespaces/kube-system'],
    },
    { fact: 'may read no other namespace', answer: 'no', question: ['get', 'namespaces/default'] },
    { fact: 'may hold its lease', answer: 'yes', question: ['update', 'leases', `--namespace=${namespace}`] },
    { fact: 'may not touch leases elsewhere', answer: 'no', question: ['update', 'leases', '--namespace=kube-system'] },
    { fact: 'may not read Secrets', answer: 'no', question: ['get', 'secrets'] },
  ]) {
    test(fact, async () => {
      const [verb = '', resource = '', ...options] = question

      assert.equal(await canI(verb, resource, ...options), answer)
    })
  }
})
