import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removeKindCluster } from './cluster.ts'

/** A docker that has these nodes and networks, and notes what it was told to remove. */
function createDocker(nodes: string, networks: string) {
  const removed: string[] = []
  const docker = async (...args: readonly string[]): Promise<string> => {
    const command = args.join(' ')
    if (command.startsWith('ps ')) return nodes
    if (command.startsWith('network ls ')) return networks
    removed.push(command)
    return ''
  }
  return { docker, removed }
}

for (const { fact, nodes, networks, expected } of [
  { fact: 'what is not there is not removed', nodes: '', networks: '', expected: [] },
  { fact: 'a network alone is removed', nodes: '', networks: 'n1', expected: ['network rm n1'] },
  {
    fact: 'nodes go with their volumes, and before their network',
    nodes: 'c1\nc2',
    networks: 'n1',
    expected: ['rm --force --volumes c1 c2', 'network rm n1'],
  },
]) {
  test(fact, async () => {
    const { docker, removed } = createDocker(nodes, networks)

    await removeKindCluster(docker, 'longshore-1')

    assert.deepEqual(removed, expected)
  })
}
