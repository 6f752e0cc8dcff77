import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DesiredContainer, DesiredContent } from './desired.ts'
import { revisionHash } from './content.ts'

const web: DesiredContainer = { name: 'web', image: 'nginxdemos/hello' }
const plain: DesiredContent = { cpu: '256', memory: '512', containerDefinitions: [web] }

function withContainer(changes: Partial<DesiredContainer>): DesiredContent {
  return { ...plain, containerDefinitions: [{ ...web, ...changes }] }
}

const rich: DesiredContent = {
  cpu: '1024',
  memory: '2048',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  taskRoleArn: 'arn:aws:iam::123456789012:role/hello-task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/ecs-execution',
  runtimePlatform: { cpuArchitecture: 'ARM64' },
  ephemeralStorage: { sizeInGiB: 40 },
  volumes: [
    { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-0123456789abcdef0', transitEncryption: 'ENABLED' } },
  ],
  containerDefinitions: [
    {
      name: 'web',
      image: 'nginxdemos/hello:v1',
      portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp', name: 'web', appProtocol: 'http' }],
      environment: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      secrets: [{ name: 'TOKEN', valueFrom: 'token' }],
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost/'], interval: 10 },
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }],
      dependsOn: [{ containerName: 'sidecar', condition: 'START' }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/longshore/demo/hello',
          'awslogs-region': 'eu-central-1',
          'awslogs-stream-prefix': 'ecs',
        },
      },
    },
    { name: 'sidecar', image: 'sidecar', essential: false, stopTimeout: 60 },
  ],
}

// Frozen: an upgrade that changed one of these would register a revision for every service and roll it out.
for (const [fact, content, hash] of [
  ['of the smallest task definition', plain, 'v1-105cd90e4bd9e3ca7ff20e5b33470fc0'],
  ['of one that uses most members', rich, 'v1-52de56e14189e957fded9839b8bab2fe'],
] as const) {
  test(`the hash ${fact} never changes`, () => assert.equal(revisionHash(content), hash))
}

describe('the hash is the same', () => {
  for (const { fact, content } of [
    { fact: 'when a default is written out', content: withContainer({ essential: true, cpu: 0, stopTimeout: 30 }) },
    { fact: 'when an empty list is written out', content: withContainer({ environment: [], command: [] }) },
    {
      fact: 'with the members that Fargate always has',
      content: { ...plain, networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
    },
    {
      fact: 'with the default platform',
      content: { ...plain, runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' } },
    },
    { fact: 'with a member that is undefined', content: { ...plain, taskRoleArn: undefined } },
  ] satisfies readonly { fact: string; content: DesiredContent }[]) {
    test(fact, () => assert.equal(revisionHash(content), revisionHash(plain)))
  }

  test('when the host port repeats the container port', () => {
    const short = withContainer({ portMappings: [{ containerPort: 80 }] })
    const long = withContainer({ portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] })

    assert.equal(revisionHash(long), revisionHash(short))
  })

  test('when variables stand in another order', () => {
    const [a, b] = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]

    assert.equal(
      revisionHash(withContainer({ environment: [b, a] })),
      revisionHash(withContainer({ environment: [a, b] })),
    )
  })
})

describe('the hash differs', () => {
  for (const { fact, content } of [
    { fact: 'for another image', content: withContainer({ image: 'nginxdemos/hello:v2' }) },
    { fact: 'for another value of a variable', content: withContainer({ environment: [{ name: 'A', value: '2' }] }) },
    { fact: 'for a variable that is empty', content: withContainer({ environment: [{ name: 'A' }] }) },
    { fact: 'for a port mapping', content: withContainer({ portMappings: [{ containerPort: 80 }] }) },
    { fact: 'for a container that is not essential', content: withContainer({ essential: false }) },
    { fact: 'for more memory', content: { ...plain, memory: '1024' } },
  ] satisfies readonly { fact: string; content: DesiredContent }[]) {
    test(fact, () => assert.notEqual(revisionHash(content), revisionHash(plain)))
  }

  test('when the words of a command stand in another order', () => {
    assert.notEqual(
      revisionHash(withContainer({ command: ['a', 'b'] })),
      revisionHash(withContainer({ command: ['b', 'a'] })),
    )
  })
})
