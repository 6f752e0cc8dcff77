import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import { kinds } from './kinds.ts'

const resources = new Map(kinds.flatMap((kind) => kind.resources.map((resource) => [resource.type, resource])))
const SERVICES: Readonly<Record<string, object>> = { ecr, ecs, logs }

for (const { type, trail, calls = {} } of resources.values()) {
  describe(`the trail of ${type}`, () => {
    test('has a cause for each step, and no other', () => {
      assert.deepEqual(Object.keys(trail?.causes ?? {}).toSorted(), Object.keys(calls).toSorted())
    })

    test('names calls that AWS has, and writes alone', () => {
      for (const call of Object.values(trail?.causes ?? {}).flat()) {
        const [service = '', operation = ''] = call.split(':')
        assert.ok(`${operation}Command` in (SERVICES[service] ?? {}), `${call} is a call`)
        assert.doesNotMatch(operation, /^(Describe|List|Get)/)
      }
    })
  })
}

const ARN = 'arn:aws:SERVICE:eu-central-1:123456789012'

for (const { type, key, about, notAbout } of [
  {
    type: 'ecr-repository',
    key: 'team/app',
    about: [{ repositoryName: 'team/app' }, { resourceArn: `${ARN}:repository/team/app` }],
    notAbout: [{ repositoryName: 'app' }, { resourceArn: `${ARN}:repository/other/team/app` }, {}, null],
  },
  {
    type: 'ecs-cluster',
    key: 'main',
    about: [
      { cluster: 'main' },
      { clusterName: 'main' },
      { cluster: `${ARN}:cluster/main` },
      { resourceArn: `${ARN}:cluster/main` },
    ],
    notAbout: [{ cluster: 'domain' }, { resourceArn: `${ARN}:service/main` }, { cluster: `${ARN}:cluster/domain` }],
  },
  {
    type: 'ecs-service',
    key: 'main/web',
    about: [
      { cluster: 'main', service: 'web' },
      { cluster: `${ARN}:cluster/main`, serviceName: 'web' },
      { cluster: 'main', service: `${ARN}:service/web` },
      { service: `${ARN}:service/main/web` },
      { resourceArn: `${ARN}:service/main/web` },
      { serviceDeploymentArn: `${ARN}:service-deployment/main/web/abc` },
    ],
    notAbout: [
      { service: 'web' },
      { cluster: 'other', service: 'web' },
      { cluster: 'main', service: 'other' },
      { cluster: 'main' },
      { resourceArn: `${ARN}:service/domain/web` },
      { serviceDeploymentArn: `${ARN}:service-deployment/main/other/abc` },
    ],
  },
  {
    type: 'ecs-service',
    key: 'default/web',
    about: [{ service: 'web' }],
    notAbout: [{ cluster: 'main', service: 'web' }],
  },
  {
    type: 'ecs-task-definition',
    key: 'web',
    about: [
      { family: 'web' },
      { taskDefinition: 'web:3' },
      { taskDefinition: `${ARN}:task-definition/web:3` },
      { taskDefinitions: ['other:1', 'web:2'] },
      { resourceArn: `${ARN}:task-definition/web:12` },
    ],
    notAbout: [{ family: 'web2' }, { taskDefinition: 'my-web:3' }, { taskDefinitions: ['other:1'] }, {}],
  },
  {
    type: 'log-group',
    key: '/longshore/demo/web',
    about: [{ logGroupName: '/longshore/demo/web' }, { resourceArn: `${ARN}:log-group:/longshore/demo/web` }],
    notAbout: [{ logGroupName: '/longshore/demo' }, { resourceArn: `${ARN}:log-group:/x/longshore/demo/web` }, 7],
  },
]) {
  test(`a call is about the ${type} ${key} when its parameters name it`, () => {
    const isAbout = (parameters: unknown): boolean | undefined => resources.get(type)?.trail?.isAbout(parameters, key)

    assert.deepEqual(
      about.filter((parameters) => isAbout(parameters) !== true),
      [],
    )
    assert.deepEqual(
      notAbout.filter((parameters) => isAbout(parameters) !== false),
      [],
    )
  })
}
