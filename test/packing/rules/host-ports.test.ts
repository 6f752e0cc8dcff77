import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type HostPort, hostPortsOf, portsClash } from './host-ports.ts'

const port = (words: Partial<HostPort> = {}): HostPort => ({ ip: '0.0.0.0', protocol: 'TCP', port: 80, ...words })

describe('two host ports', () => {
  for (const { fact, one, other, clash } of [
    { fact: 'clash if they are the same', one: port(), other: port(), clash: true },
    { fact: 'clash if one is on every address', one: port({ ip: '10.0.0.1' }), other: port(), clash: true },
    { fact: 'clash if the other is on every address', one: port(), other: port({ ip: '10.0.0.1' }), clash: true },
    {
      fact: 'do not clash on two addresses',
      one: port({ ip: '10.0.0.1' }),
      other: port({ ip: '10.0.0.2' }),
      clash: false,
    },
    { fact: 'do not clash in two protocols', one: port(), other: port({ protocol: 'UDP' }), clash: false },
    { fact: 'do not clash with two numbers', one: port(), other: port({ port: 81 }), clash: false },
  ]) {
    test(fact, () => assert.equal(portsClash([one], [other]), clash))
  }
})

test('ports of sidecars are held as long as the pod runs, those of other init containers are not', () => {
  const container = (name: string, hostPort: number) => ({ name, ports: [{ containerPort: 1, hostPort }] })
  const initContainers = [container('init', 1), { ...container('sidecar', 2), restartPolicy: 'Always' }]

  const ports = hostPortsOf({ initContainers, containers: [container('main', 3), { name: 'none' }] })

  assert.deepEqual(new Set(ports.map((held) => held.port)), new Set([2, 3]))
})
