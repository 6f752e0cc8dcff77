import * as z from 'zod'
import {
  FirelensConfiguration,
  HealthCheck,
  LinuxParameters,
  LogConfiguration,
  RestartPolicy,
  SystemControls,
  Ulimits,
} from './container-runtime.ts'
import { Environment, EnvironmentFiles, Secrets } from './environment.ts'
import { PortMapping } from './ports.ts'
import { EcsName, keyedBy, rules, text } from './text.ts'

const PATH = 'spec.taskDefinition.containerDefinitions[]'

const Dependency = z.strictObject({
  containerName: EcsName.describe('Container of this task that has to come first.'),
  condition: z.enum(['START', 'COMPLETE', 'SUCCESS', 'HEALTHY']).describe('How far it has to be.'),
})

const MountPoint = z.strictObject({
  sourceVolume: EcsName.describe('Name of a volume of this task definition.'),
  containerPath: text(4096).describe('Absolute path of the mount in the container.'),
  readOnly: z.boolean().optional().describe('Whether the container may only read. Absent: false.'),
})

const VolumeFrom = z.strictObject({
  sourceContainer: EcsName.describe('Container of this task whose volumes are mounted as well.'),
  readOnly: z.boolean().optional().describe('Whether this container may only read them. Absent: false.'),
})

export const ContainerDefinition = z
  .strictObject({
    name: EcsName.describe('Name of the container, unique in the task.'),
    image: text(1024).describe('Image to run, by tag or digest.'),
    repositoryCredentials: z
      .strictObject({
        credentialsParameter: text(2048).describe('ARN of the Secrets Manager secret with user name and password.'),
      })
      .optional()
      .describe('How to sign in to a private registry outside ECR.'),
    cpu: z
      .int()
      .min(0)
      .max(16384)
      .optional()
      .describe("The container's share of the task's CPU units. Absent: 0, no share of its own."),
    memory: z
      .int()
      .min(6)
      .max(122880)
      .optional()
      .describe('MiB above which the container is killed. Absent: the memory of the task.'),
    memoryReservation: z
      .int()
      .min(6)
      .max(122880)
      .optional()
      .describe('MiB kept for the container when memory is short.'),
    essential: z.boolean().optional().describe('Whether the task stops when this container does. Absent: true.'),
    portMappings: z.array(PortMapping).max(20).optional().describe('Ports that the container listens on.'),
    entryPoint: z.array(z.string().max(4096)).max(200).optional().describe("In place of the image's entry point."),
    command: z.array(z.string().max(8192)).max(200).optional().describe("In place of the image's command."),
    workingDirectory: text(4096).optional().describe("In place of the image's working directory."),
    user: text(255).optional().describe('User to run as: user, user:group, uid or uid:gid.'),
    environment: Environment.optional().describe('Environment variables in plain text.'),
    environmentFiles: EnvironmentFiles.max(10)
      .optional()
      .describe('Files with more environment variables; environment wins.'),
    secrets: Secrets.optional().describe('Environment variables whose values ECS fetches when the task starts.'),
    dependsOn: z
      .array(Dependency)
      .max(9)
      .optional()
      .describe('Containers that have to come first.')
      .meta(keyedBy('containerName')),
    startTimeout: z
      .int()
      .min(2)
      .max(120)
      .optional()
      .describe('Seconds after which others give up waiting for this container.'),
    stopTimeout: z.int().min(2).max(120).optional().describe('Seconds between SIGTERM and SIGKILL. Absent: 30.'),
    restartPolicy: RestartPolicy.optional().describe(
      'Restarting this container without replacing the task. Absent: none.',
    ),
    healthCheck: HealthCheck.optional().describe(
      'How ECS tells whether the container is healthy. Absent: it does not.',
    ),
    logConfiguration: LogConfiguration.optional().describe('Where the output of the container goes. Absent: nowhere.'),
    firelensConfiguration: FirelensConfiguration.optional().describe(
      'Makes this container the log router of the task.',
    ),
    mountPoints: z
      .array(MountPoint)
      .max(50)
      .optional()
      .describe('Volumes of the task to mount.')
      .meta(keyedBy('containerPath')),
    volumesFrom: z
      .array(VolumeFrom)
      .max(9)
      .optional()
      .describe('Containers to share mounts with.')
      .meta(keyedBy('sourceContainer')),
    linuxParameters: LinuxParameters.optional().describe('Settings of the Linux kernel for the container.'),
    ulimits: Ulimits.optional().describe('Resource limits.'),
    systemControls: SystemControls.optional().describe('Kernel parameters of the name spaces of the container.'),
    credentialSpecs: z
      .array(text(2048))
      .max(1)
      .optional()
      .describe(
        'Credential specification for Active Directory (gMSA), as credentialspec: or credentialspecdomainless: and its ARN.',
      ),
    dockerLabels: z
      .record(z.string(), z.string().max(4096))
      .meta({ maxProperties: 100 })
      .optional()
      .describe('Labels of the container.'),
    readonlyRootFilesystem: z
      .boolean()
      .optional()
      .describe('Whether the root file system is read-only. Absent: false.'),
    interactive: z.boolean().optional().describe('Whether standard input stays open. Absent: false.'),
    pseudoTerminal: z.boolean().optional().describe('Whether the container gets a terminal. Absent: false.'),
    versionConsistency: z
      .enum(['enabled', 'disabled'])
      .optional()
      .describe(
        'Whether all tasks of a deployment run the digest that the tag stood for when it began. Absent: enabled.',
      ),
  })
  .meta(
    rules(
      {
        rule: '!has(self.memory) || !has(self.memoryReservation) || self.memory > self.memoryReservation',
        message: `${PATH}.memory must be greater than memoryReservation`,
        fieldPath: '.memory',
      },
      {
        rule: "!has(self.portMappings) || self.portMappings.all(p, !has(p.containerPort) || self.portMappings.exists_one(q, has(q.containerPort) && q.containerPort == p.containerPort && ((has(q.protocol) && q.protocol == 'udp') ? (has(p.protocol) && p.protocol == 'udp') : (!has(p.protocol) || p.protocol == 'tcp'))))",
        message: `${PATH}.portMappings names the same containerPort and protocol twice`,
        fieldPath: '.portMappings',
      },
      {
        rule: '(!has(self.dependsOn) || self.dependsOn.all(d, d.containerName != self.name)) && (!has(self.volumesFrom) || self.volumesFrom.all(f, f.sourceContainer != self.name))',
        message: `${PATH} names itself in dependsOn or volumesFrom: name another container of the task`,
      },
    ),
  )
