import * as z from 'zod'
import { TagList } from '../../../reconciler/schema/tags.ts'
import { ContainerDefinition } from './container.ts'
import { EcsName, keyedBy, RoleArn, rules, text } from './text.ts'
import { Volume } from './volume.ts'

// "Task CPU and memory" in the ECS developer guide: what Fargate offers.
const CPU_UNITS = ['256', '512', '1024', '2048', '4096', '8192', '16384'] as const

const MEMORY_FOR_CPU = [
  "self.cpu == '256' ? self.memory in ['512', '1024', '2048']",
  "self.cpu == '512' ? self.memory in ['1024', '2048', '3072', '4096']",
  "self.cpu == '1024' ? int(self.memory) >= 2048 && int(self.memory) <= 8192 && int(self.memory) % 1024 == 0",
  "self.cpu == '2048' ? int(self.memory) >= 4096 && int(self.memory) <= 16384 && int(self.memory) % 1024 == 0",
  "self.cpu == '4096' ? int(self.memory) >= 8192 && int(self.memory) <= 30720 && int(self.memory) % 1024 == 0",
  "self.cpu == '8192' ? int(self.memory) >= 16384 && int(self.memory) <= 61440 && int(self.memory) % 4096 == 0",
  'int(self.memory) >= 32768 && int(self.memory) <= 122880 && int(self.memory) % 8192 == 0',
].join(' : ')

// Rules are evaluated although enum or pattern refuse the value already: what is no number then must not fail them.
const NUMBERS = "self.cpu.matches('^[0-9]+$') && self.memory.matches('^[0-9]+$')"

function withNumbers(rule: string): string {
  return `!(${NUMBERS}) || (${rule})`
}

const NEEDS_EXECUTION_ROLE =
  "has(c.secrets) || has(c.repositoryCredentials) || has(c.environmentFiles) || (has(c.logConfiguration) && (c.logConfiguration.logDriver == 'awslogs' || has(c.logConfiguration.secretOptions)))"

const RULES = [
  {
    rule: withNumbers(MEMORY_FOR_CPU),
    message:
      'spec.taskDefinition.memory does not go with spec.taskDefinition.cpu on Fargate: 256 takes 512, 1024 or 2048; 512 takes 1024 to 4096; 1024 takes 2048 to 8192; 2048 takes 4096 to 16384; 4096 takes 8192 to 30720 (all in steps of 1024); 8192 takes 16384 to 61440 in steps of 4096; 16384 takes 32768 to 122880 in steps of 8192',
    fieldPath: '.memory',
  },
  {
    rule: 'self.containerDefinitions.exists(c, !has(c.essential) || c.essential)',
    message: 'spec.taskDefinition.containerDefinitions needs at least one essential container',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: withNumbers('self.containerDefinitions.map(c, has(c.cpu) ? c.cpu : 0).sum() <= int(self.cpu)'),
    message: 'spec.taskDefinition.cpu is less than what its containers ask for together',
    fieldPath: '.cpu',
  },
  {
    rule: withNumbers(
      'self.containerDefinitions.all(c, !has(c.memory) || c.memory <= int(self.memory)) && self.containerDefinitions.map(c, has(c.memoryReservation) ? c.memoryReservation : 0).sum() <= int(self.memory)',
    ),
    message: 'spec.taskDefinition.memory is less than what its containers ask for',
    fieldPath: '.memory',
  },
  {
    rule: 'self.containerDefinitions.all(c, !has(c.dependsOn) || c.dependsOn.all(d, self.containerDefinitions.exists(o, o.name == d.containerName)))',
    message:
      'spec.taskDefinition.containerDefinitions[].dependsOn[].containerName must be another container of the task',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: "self.containerDefinitions.all(c, !has(c.dependsOn) || c.dependsOn.all(d, d.condition != 'HEALTHY' || self.containerDefinitions.all(o, o.name != d.containerName || has(o.healthCheck))))",
    message:
      'spec.taskDefinition.containerDefinitions[].dependsOn[].condition HEALTHY needs a container with a healthCheck',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: "self.containerDefinitions.all(c, !has(c.portMappings) || c.portMappings.all(p, !has(p.containerPort) || self.containerDefinitions.exists_one(o, has(o.portMappings) && o.portMappings.exists(q, has(q.containerPort) && q.containerPort == p.containerPort && ((has(q.protocol) && q.protocol == 'udp') ? (has(p.protocol) && p.protocol == 'udp') : (!has(p.protocol) || p.protocol == 'tcp'))))))",
    message:
      'spec.taskDefinition.containerDefinitions[].portMappings[].containerPort is used by two containers, which share one network interface',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: 'self.containerDefinitions.all(c, !has(c.mountPoints) || c.mountPoints.all(m, has(self.volumes) && self.volumes.exists(v, v.name == m.sourceVolume)))',
    message:
      'spec.taskDefinition.containerDefinitions[].mountPoints[].sourceVolume must be one of spec.taskDefinition.volumes',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: 'self.containerDefinitions.all(c, !has(c.volumesFrom) || c.volumesFrom.all(f, self.containerDefinitions.exists(o, o.name == f.sourceContainer)))',
    message:
      'spec.taskDefinition.containerDefinitions[].volumesFrom[].sourceContainer must be another container of the task',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: "!self.containerDefinitions.exists(c, has(c.logConfiguration) && c.logConfiguration.logDriver == 'awsfirelens') || self.containerDefinitions.exists_one(c, has(c.firelensConfiguration))",
    message:
      'spec.taskDefinition.containerDefinitions needs exactly one container with firelensConfiguration for logDriver awsfirelens',
    fieldPath: '.containerDefinitions',
  },
  {
    rule: `has(self.executionRoleArn) || !self.containerDefinitions.exists(c, ${NEEDS_EXECUTION_ROLE})`,
    message:
      'spec.taskDefinition.executionRoleArn is needed for logDriver awslogs, secrets, environmentFiles and repositoryCredentials',
    fieldPath: '.executionRoleArn',
  },
  {
    rule: "!has(self.runtimePlatform) || !has(self.runtimePlatform.operatingSystemFamily) || self.runtimePlatform.operatingSystemFamily == 'LINUX' || !(self.cpu in ['256', '512'])",
    message: 'spec.taskDefinition.cpu must be at least 1024 for Windows containers',
    fieldPath: '.cpu',
  },
  {
    rule: 'has(self.family) == has(oldSelf.family) && (!has(self.family) || self.family == oldSelf.family)',
    message: 'spec.taskDefinition.family cannot change: create another EcsService',
    fieldPath: '.family',
  },
]

const RuntimePlatform = z.strictObject({
  cpuArchitecture: z.enum(['X86_64', 'ARM64']).optional().describe('Processor architecture. Absent: X86_64.'),
  operatingSystemFamily: z
    .enum([
      'LINUX',
      'WINDOWS_SERVER_2019_CORE',
      'WINDOWS_SERVER_2019_FULL',
      'WINDOWS_SERVER_2022_CORE',
      'WINDOWS_SERVER_2022_FULL',
      'WINDOWS_SERVER_2025_CORE',
      'WINDOWS_SERVER_2025_FULL',
    ])
    .optional()
    .describe('Operating system of the containers; Fargate has these. Absent: LINUX.'),
})

const ProxyConfiguration = z.strictObject({
  type: z.enum(['APPMESH']).optional().describe('Kind of proxy; ECS knows only APPMESH.'),
  containerName: EcsName.describe('Container that is the proxy.'),
  properties: z
    .array(
      z.strictObject({
        name: text(255).describe('Name of the property, such as ProxyIngressPort.'),
        value: z.string().max(1024).describe('Its value.'),
      }),
    )
    .max(20)
    .optional()
    .describe('Network settings of the proxy.')
    .meta(keyedBy('name')),
})

export const TaskDefinition = z
  .strictObject({
    family: EcsName.optional().describe(
      'Family in ECS; immutable. Absent: made from the namespace and name of this object.',
    ),
    cpu: z.enum(CPU_UNITS).describe('CPU units of a task; 1024 are one vCPU.'),
    memory: z
      .string()
      .max(6)
      .regex(/^[1-9][0-9]*$/)
      .describe('Memory of a task in MiB; which amounts there are depends on cpu.'),
    taskRoleArn: RoleArn.optional().describe('ARN of the role that the containers act as.'),
    executionRoleArn: RoleArn.optional().describe(
      'ARN of the role with which ECS pulls images, fetches secrets and writes logs.',
    ),
    networkMode: z.enum(['awsvpc']).optional().describe('Network mode; Fargate has only awsvpc.'),
    requiresCompatibilities: z
      .array(z.enum(['FARGATE']))
      .max(1)
      .optional()
      .describe('Launch types that ECS checks the definition against. Absent: FARGATE.')
      .meta({ 'x-kubernetes-list-type': 'set' }),
    containerDefinitions: z
      .array(ContainerDefinition)
      .min(1)
      .max(10)
      .describe('The containers of a task, at most ten.')
      .meta(keyedBy('name')),
    volumes: z.array(Volume).max(50).optional().describe('Volumes that containers can mount.').meta(keyedBy('name')),
    ephemeralStorage: z
      .strictObject({
        sizeInGiB: z.int().min(21).max(200).describe('Scratch space of a task in GiB, 21 to 200.'),
      })
      .optional()
      .describe('Scratch space of a task. Absent: 20 GiB.'),
    runtimePlatform: RuntimePlatform.optional().describe('What the tasks run on.'),
    pidMode: z
      .enum(['task'])
      .optional()
      .describe("With task, the containers see each other's processes. Absent: they do not."),
    proxyConfiguration: ProxyConfiguration.optional().describe('An App Mesh proxy in the task.'),
    enableFaultInjection: z
      .boolean()
      .optional()
      .describe('Whether tasks accept fault-injection requests. Absent: false.'),
    tags: TagList.optional().describe('Tags of new revisions; others that AWS allows stay.'),
  })
  .meta(rules(...RULES))
export type TaskDefinition = z.infer<typeof TaskDefinition>
