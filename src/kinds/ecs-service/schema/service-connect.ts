import * as z from 'zod'
import { Secrets } from './environment.ts'
import { keyedBy, RoleArn, text } from './text.ts'

const Port = z.int().min(1).max(65535)
const Seconds = z.int().min(0).max(2147483647)

const ClientAlias = z.strictObject({
  port: Port.describe('Port that clients connect to.'),
  dnsName: text(253).optional().describe('Name that clients connect to. Absent: discovery name and namespace.'),
  testTrafficRules: z
    .strictObject({
      header: z
        .strictObject({
          name: text(255).describe('Name of the HTTP header.'),
          value: z
            .strictObject({ exact: text(1024).describe('Value that marks a request as test traffic.') })
            .optional()
            .describe('What the header must hold. Absent: anything.'),
        })
        .describe('HTTP header that marks a request as test traffic.'),
    })
    .optional()
    .describe('Which requests are test traffic.'),
})

const ConnectService = z.strictObject({
  portName: text(64).describe('Name of a port mapping of the task definition.'),
  discoveryName: text(64).optional().describe('Name of the Cloud Map service. Absent: portName.'),
  clientAliases: z.array(ClientAlias).max(1).optional().describe('How clients reach the service.'),
  ingressPortOverride: Port.optional().describe('Port of the proxy. Absent: chosen by ECS.'),
  timeout: z
    .strictObject({
      idleTimeoutSeconds: Seconds.optional().describe('Seconds a connection may be idle; 0 for ever.'),
      perRequestTimeoutSeconds: Seconds.optional().describe('Seconds a request may take; 0 for ever.'),
    })
    .optional()
    .describe('Time limits of the proxy.'),
  tls: z
    .strictObject({
      issuerCertificateAuthority: z
        .strictObject({ awsPcaAuthorityArn: text(2048).optional().describe('ARN of the AWS Private CA.') })
        .describe('Who signs the certificates.'),
      kmsKey: text(2048).optional().describe('KMS key that protects the private key.'),
      roleArn: RoleArn.optional().describe('Role with which ECS manages the certificates.'),
    })
    .optional()
    .describe('TLS between the proxies. Absent: none.'),
})

// Each object sets one thing, and each thing stands in the list once (ECS API reference, ServiceConnectContainerConfiguration):
// as long as there is only one thing to set, that makes a list of one.
const ContainerConfiguration = z.strictObject({
  logLevel: z
    .enum(['info', 'debug'])
    .describe('How much the proxy says of its own doings; debug is for looking for faults, and is a lot.'),
})

export const ServiceConnectConfiguration = z.strictObject({
  enabled: z.boolean().describe('Whether Service Connect is used; false removes it.'),
  namespace: text(1024)
    .optional()
    .describe('Name or ARN of the Cloud Map namespace. Absent: the default of the cluster.'),
  services: z
    .array(ConnectService)
    .max(30)
    .optional()
    .describe('Ports that others can reach. Absent: this service is only a client.')
    .meta(keyedBy('portName')),
  logConfiguration: z
    .strictObject({
      logDriver: z.enum(['awslogs', 'awsfirelens', 'splunk']).describe('Where the output of the proxy goes.'),
      options: z
        .record(z.string(), z.string().max(4096))
        .meta({ maxProperties: 50 })
        .optional()
        .describe('Options of the driver.'),
      secretOptions: Secrets.optional().describe('Options of the driver whose values are secret.'),
    })
    .optional()
    .describe('Where the output of the proxy goes. Absent: nowhere.'),
  accessLogConfiguration: z
    .strictObject({
      format: z.enum(['TEXT', 'JSON']).describe('How requests are written down.'),
      includeQueryParameters: z
        .enum(['ENABLED', 'DISABLED'])
        .optional()
        .describe('Whether query parameters are. Absent: DISABLED.'),
    })
    .optional()
    .describe('Access log of the proxy. Absent: none.'),
  containerConfigurations: z
    .array(ContainerConfiguration)
    .max(1)
    .optional()
    .describe(
      'Settings of the proxy container, each in an element of its own. Absent: left as they are until the next rollout, which sets them back.',
    ),
})
