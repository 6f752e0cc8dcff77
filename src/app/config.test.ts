import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type OperatorConfig, parseConfig, proxyFrom, settingsHelp } from './config.ts'

const defaults: OperatorConfig = {
  namespaces: [],
  leaderElect: true,
  bindAddress: '0.0.0.0',
  httpPort: 8080,
  logLevel: 'info',
  workers: 16,
  settleSeconds: 15,
  drift: 'Repair',
  awsRateShare: 60,
  shutdownSeconds: 30,
  awsRegion: undefined,
  kubernetes: { type: 'kubeconfig', paths: ['/.kube/config'] },
}

describe('settings', () => {
  for (const { fact, args = [], env = {}, expected } of [
    { fact: 'have defaults', expected: {} },
    { fact: 'come from flags', args: ['--workers', '4', '--context=kind'], expected: { workers: 4, context: 'kind' } },
    {
      fact: 'come from the environment by the same word',
      env: { LONGSHORE_SETTLE_SECONDS: '3', LONGSHORE_INSTALLATION_ID: 'blue' },
      expected: { settleSeconds: 3, installationId: 'blue' },
    },
    {
      fact: 'by flag overrule the environment',
      args: ['--workers=4'],
      env: { LONGSHORE_WORKERS: '8', LONGSHORE_HTTP_PORT: '0' },
      expected: { workers: 4, httpPort: 0 },
    },
    { fact: 'that are yes or no may stand alone', args: ['--leader-elect'], expected: { leaderElect: true } },
    { fact: 'that are yes or no may say no', args: ['--leader-elect=false'], expected: { leaderElect: false } },
    { fact: 'name one operator of several', args: ['--shard=2/3'], expected: { shard: { index: 2, count: 3 } } },
    { fact: 'take several namespaces', args: ['--namespaces=a, b'], expected: { namespaces: ['a', 'b'] } },
    {
      fact: 'take a label selector',
      args: ['--watch-label-selector=team=blue,!legacy'],
      expected: {
        watchLabelSelector: {
          matchExpressions: [
            { key: 'team', operator: 'In', values: ['blue'] },
            { key: 'legacy', operator: 'DoesNotExist' },
          ],
        },
      },
    },
    {
      fact: 'find the files that kubectl would use',
      env: { KUBECONFIG: '/a:/b', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' },
      expected: { kubernetes: { type: 'kubeconfig', paths: ['/a', '/b'] } },
    },
    {
      fact: "find the pod's own API server",
      env: { HOME: '/home', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' },
      expected: { kubernetes: { type: 'in-cluster', host: '10.0.0.1', port: '443' } },
    },
    {
      fact: 'find the file in the home directory',
      env: { HOME: '/home/me' },
      expected: { kubernetes: { type: 'kubeconfig', paths: ['/home/me/.kube/config'] } },
    },
    { fact: 'ignore an empty variable', env: { LONGSHORE_LOG_LEVEL: '' }, expected: {} },
    {
      fact: 'ignore what Kubernetes sets for a Service named longshore',
      env: { LONGSHORE_SERVICE_HOST: '10.0.0.1', LONGSHORE_PORT: 'tcp://10.0.0.1:80' },
      expected: {},
    },
    {
      fact: 'take the region from AWS',
      env: { AWS_DEFAULT_REGION: 'eu-west-1' },
      expected: { awsRegion: 'eu-west-1' },
    },
    {
      fact: 'prefer AWS_REGION',
      env: { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'eu-west-1' },
      expected: { awsRegion: 'eu-north-1' },
    },
  ]) {
    test(fact, () => {
      assert.deepEqual(parseConfig(args, env), { type: 'valid', config: { ...defaults, ...expected } })
    })
  }
})

describe('one sentence names', () => {
  for (const { fact, args = [], env = {}, message } of [
    {
      fact: 'a flag that does not exist',
      args: ['--worker=3'],
      message: 'unknown flag --worker; "longshore help operator" lists them',
    },
    { fact: 'a short flag', args: ['-w'], message: 'unknown flag -w; "longshore help operator" lists them' },
    { fact: 'an argument too many', args: ['now'], message: 'unexpected argument "now"' },
    { fact: 'a flag without its value', args: ['--workers'], message: '--workers wants a value' },
    {
      fact: 'a number that is none',
      args: ['--workers', 'many'],
      message: '--workers wants a whole number from 1 to 256, not "many"',
    },
    {
      fact: 'a number out of range, and the variable it came from',
      env: { LONGSHORE_WORKERS: '0' },
      message: 'LONGSHORE_WORKERS wants a whole number from 1 to 256, not "0"',
    },
    {
      fact: 'a word that is not among the known',
      args: ['--log-level=loud'],
      message: '--log-level wants debug, info, warn or error, not "loud"',
    },
    {
      fact: 'a yes or no that is neither',
      env: { LONGSHORE_LEADER_ELECT: 'maybe' },
      message: 'LONGSHORE_LEADER_ELECT wants true or false, not "maybe"',
    },
    {
      fact: 'a shard that there is not',
      args: ['--shard=4/3'],
      message: '--shard wants which of how many, such as 1/3, not "4/3"',
    },
    {
      fact: 'a label selector that selects nothing',
      env: { LONGSHORE_WATCH_LABEL_SELECTOR: 'team is blue' },
      message:
        'LONGSHORE_WATCH_LABEL_SELECTOR wants a label selector as kubectl takes it, such as team=blue,env in (test, prod), not "team is blue"',
    },
    {
      fact: 'a namespace that cannot be one',
      args: ['--namespaces=a,B'],
      message: '--namespaces wants namespaces, with commas between, not "a,B"',
    },
  ]) {
    test(fact, () => assert.deepEqual(parseConfig(args, env), { type: 'invalid', message }))
  }
})

test('help has a sentence for every setting, and its default', () => {
  const help = settingsHelp()

  assert.ok(help.every(({ description }) => description.endsWith('.')))
  assert.deepEqual(help.find(({ flag }) => flag === '--settle-seconds')?.variable, 'LONGSHORE_SETTLE_SECONDS')
  assert.deepEqual(help.find(({ flag }) => flag === '--workers')?.default, '16')
  assert.deepEqual(help.find(({ flag }) => flag === '--context')?.default, undefined)
})

describe('the proxy before AWS', () => {
  for (const { fact, env, expected } of [
    {
      fact: 'is none where none is named',
      env: { HTTP_PROXY: 'http://a' },
      expected: { https: undefined, except: undefined },
    },
    {
      fact: 'has its exceptions',
      env: { HTTPS_PROXY: 'http://a', NO_PROXY: 'b' },
      expected: { https: 'http://a', except: 'b' },
    },
    {
      fact: 'is rather the one in small letters',
      env: { HTTPS_PROXY: 'http://a', https_proxy: 'http://b' },
      expected: { https: 'http://b', except: undefined },
    },
  ]) {
    test(fact, () => assert.deepEqual(proxyFrom(env), expected))
  }
})
