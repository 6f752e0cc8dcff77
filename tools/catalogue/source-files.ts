import { execFileSync } from 'node:child_process'

/** The files of the Karpenter provider for AWS that the catalogue is made of. */
export interface SourceFiles {
  readonly commit: string
  /** Every type with its labels and what of it is left for pods. */
  readonly types: string
  readonly prices: string
  readonly limits: string
  readonly bandwidths: string
}

const MAX_BYTES = 64 * 2 ** 20

/** Reads the files out of a checkout or a bare git directory, whatever is checked out. Throws what git says. */
export function readSourceFiles(repository: string, revision: string): SourceFiles {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: MAX_BYTES })
  const commit = git('rev-parse', '--verify', `${revision}^{commit}`).trim()
  const file = (path: string): string => git('show', `${commit}:${path}`)
  return {
    commit,
    types: file('website/content/en/docs/reference/instance-types.md'),
    prices: file('pkg/providers/pricing/zz_generated.pricing_aws.go'),
    limits: file('pkg/providers/instancetype/zz_generated.vpclimits.go'),
    bandwidths: file('pkg/providers/instancetype/zz_generated.bandwidth.go'),
  }
}
