import { dnsSuffixOf } from '../../account.ts'
import type { Call } from '../../service.ts'

/** Host of a private registry; source: "Amazon ECR private registry", ECR user guide. */
export function registryHostOf(call: Call): string {
  return `${call.accountId}.dkr.ecr.${call.region}.${dnsSuffixOf(call.partition)}`
}

export function repositoryArnOf(name: string, call: Call): string {
  return `arn:${call.partition}:ecr:${call.region}:${call.accountId}:repository/${name}`
}
