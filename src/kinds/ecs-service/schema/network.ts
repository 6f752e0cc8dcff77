import * as z from 'zod'
import { asSet, EcsName, rules, text } from './text.ts'

export const NetworkConfiguration = z.strictObject({
  awsvpcConfiguration: z
    .strictObject({
      subnets: z
        .array(text(64).regex(/^subnet-[0-9a-zA-Z-]+$/))
        .min(1)
        .max(16)
        .describe('Ids of the subnets that tasks run in, all of one VPC.')
        .meta(asSet),
      securityGroups: z
        .array(text(64).regex(/^sg-[0-9a-zA-Z-]+$/))
        .max(5)
        .optional()
        .describe(
          "Ids of the security groups of the tasks. Absent: left as they are; at first the VPC's default group.",
        )
        .meta(asSet),
      assignPublicIp: z
        .enum(['ENABLED', 'DISABLED'])
        .optional()
        .describe('Whether each task gets a public IP address. Absent: left as it is; at first DISABLED.'),
    })
    .describe('Where the network interfaces of the tasks are.'),
})

export const CapacityProviderStrategy = z
  .array(
    z.strictObject({
      capacityProvider: z.enum(['FARGATE', 'FARGATE_SPOT']).describe('Capacity provider that tasks run on.'),
      weight: z.int().min(0).max(1000).optional().describe('Share of the tasks beyond base. Absent: 0.'),
      base: z.int().min(0).max(100000).optional().describe('Tasks that run on this provider first. Absent: 0.'),
    }),
  )
  .min(1)
  .max(2)
  .meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['capacityProvider'],
    ...rules(
      {
        rule: 'self.exists(p, has(p.weight) && p.weight > 0)',
        message: 'spec.capacityProviderStrategy needs a weight above 0 for at least one provider',
      },
      {
        rule: 'self.filter(p, has(p.base) && p.base > 0).size() <= 1',
        message: 'spec.capacityProviderStrategy may give base to one provider only',
      },
    ),
  })

export const ServiceRegistries = z
  .array(
    z.strictObject({
      registryArn: text(2048).describe('ARN of the Cloud Map service.'),
      port: z.int().min(1).max(65535).optional().describe('Port for SRV records.'),
      containerName: EcsName.optional().describe('Container to register.'),
      containerPort: z.int().min(1).max(65535).optional().describe('Port of that container.'),
    }),
  )
  .max(1)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['registryArn'] })
