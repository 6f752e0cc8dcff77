import * as z from 'zod'
import { rules, text } from './text.ts'

const Port = z.int().min(1).max(65535)

export const PortMapping = z
  .strictObject({
    containerPort: Port.optional().describe('Port that the container listens on.'),
    containerPortRange: text(11)
      .regex(/^[0-9]{1,5}-[0-9]{1,5}$/)
      .optional()
      .describe('Range of ports that the container listens on, first-last, in place of containerPort.'),
    hostPort: Port.optional().describe('On Fargate only the same as containerPort. Absent: the same.'),
    protocol: z.enum(['tcp', 'udp']).optional().describe('Transport protocol. Absent: tcp.'),
    name: text(64)
      .regex(/^[a-z0-9_][a-z0-9_-]*$/)
      .optional()
      .describe('Name by which Service Connect refers to the port.'),
    appProtocol: z
      .enum(['http', 'http2', 'grpc'])
      .optional()
      .describe('Protocol that the Service Connect proxy understands on the port. Absent: plain TCP.'),
  })
  .meta(
    rules(
      {
        rule: 'has(self.containerPort) != has(self.containerPortRange)',
        message:
          'spec.taskDefinition.containerDefinitions[].portMappings[] takes containerPort or containerPortRange: exactly one of them',
      },
      {
        rule: '!has(self.hostPort) || (has(self.containerPort) && self.hostPort == self.containerPort)',
        message:
          'spec.taskDefinition.containerDefinitions[].portMappings[].hostPort must be the containerPort on Fargate: leave it out',
      },
    ),
  )
