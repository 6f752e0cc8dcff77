import * as z from 'zod'
import { Secrets } from './environment.ts'
import { asSet, keyedBy, rules, text } from './text.ts'

export const HealthCheck = z
  .strictObject({
    command: z
      .array(text(4096))
      .min(1)
      .max(50)
      .describe('Command that exits with 0 while the container is healthy; starts with CMD or CMD-SHELL.'),
    interval: z.int().min(5).max(300).optional().describe('Seconds between two checks. Absent: 30.'),
    timeout: z.int().min(2).max(60).optional().describe('Seconds after which a check has failed. Absent: 5.'),
    retries: z.int().min(1).max(10).optional().describe('Failed checks in a row that make it unhealthy. Absent: 3.'),
    startPeriod: z.int().min(0).max(300).optional().describe('Seconds after the start in which failures do not count.'),
  })
  .meta(
    rules({
      rule: "self.command[0] in ['CMD', 'CMD-SHELL']",
      message: 'spec.taskDefinition.containerDefinitions[].healthCheck.command must start with CMD or CMD-SHELL',
      fieldPath: '.command',
    }),
  )

export const LogConfiguration = z.strictObject({
  logDriver: z.enum(['awslogs', 'awsfirelens', 'splunk']).describe('Where output goes; Fargate has these three.'),
  options: z
    .record(z.string(), z.string().max(4096))
    .meta({ maxProperties: 50 })
    .optional()
    .describe(
      'Options of the driver. For awslogs, group, region and stream prefix are filled in where they are absent, and the group is made.',
    ),
  secretOptions: Secrets.optional().describe('Options of the driver whose values are secret.'),
})

export const FirelensConfiguration = z.strictObject({
  type: z.enum(['fluentbit', 'fluentd']).describe('Which log router the container is.'),
  options: z
    .record(z.string(), z.string().max(4096))
    .meta({ maxProperties: 50 })
    .optional()
    .describe('Options of the router, such as config-file-type.'),
})

const Capability = text(64).regex(/^[A-Z][A-Z0-9_]*$/)

const Tmpfs = z.strictObject({
  containerPath: text(4096).describe('Absolute path of the mount in the container.'),
  size: z.int().min(1).describe('Greatest size in MiB.'),
  mountOptions: z.array(text(64)).max(50).optional().describe('Mount options, such as noexec.'),
})

export const LinuxParameters = z.strictObject({
  capabilities: z
    .strictObject({
      add: z
        .array(z.enum(['SYS_PTRACE']))
        .max(1)
        .optional()
        .describe('Capabilities beyond the default ones; Fargate allows SYS_PTRACE.')
        .meta(asSet),
      drop: z.array(Capability).max(50).optional().describe('Default capabilities to take away.').meta(asSet),
    })
    .optional()
    .describe('Linux capabilities of the container.'),
  initProcessEnabled: z
    .boolean()
    .optional()
    .describe(
      'Whether an init process forwards signals and reaps children; execute command works best with it. Absent: false.',
    ),
  tmpfs: z.array(Tmpfs).max(20).optional().describe('File systems in memory.').meta(keyedBy('containerPath')),
})

export const RestartPolicy = z.strictObject({
  enabled: z.boolean().describe('Whether the container is restarted in place when it exits.'),
  ignoredExitCodes: z
    .array(z.int().min(0).max(255))
    .max(50)
    .optional()
    .describe('Exit codes after which it is not.')
    .meta(asSet),
  restartAttemptPeriod: z
    .int()
    .min(60)
    .max(1800)
    .optional()
    .describe('Seconds that it must have run before it is restarted. Absent: 300.'),
})

export const Ulimits = z
  .array(
    z.strictObject({
      name: z
        .enum([
          'core',
          'cpu',
          'data',
          'fsize',
          'locks',
          'memlock',
          'msgqueue',
          'nice',
          'nofile',
          'nproc',
          'rss',
          'rtprio',
          'rttime',
          'sigpending',
          'stack',
        ])
        .describe('Which limit.'),
      softLimit: z.int().min(-1).max(2147483647).describe('Limit that a process may raise up to the hard one.'),
      hardLimit: z.int().min(-1).max(2147483647).describe('Limit that a process cannot raise.'),
    }),
  )
  .max(15)
  .meta(keyedBy('name'))

export const SystemControls = z
  .array(
    z.strictObject({
      namespace: text(255).describe('Kernel parameter, such as net.ipv4.tcp_keepalive_time.'),
      value: text(255).describe('Its value.'),
    }),
  )
  .max(50)
  .meta(keyedBy('namespace'))
