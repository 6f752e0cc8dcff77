import type {
  ImageDetail,
  PutImageScanningConfigurationRequest,
  PutImageScanningConfigurationResponse,
} from '@aws-sdk/client-ecr'
import type { Call } from '../../service.ts'
import { findRepository, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import type { EcrState, ImageState, RepositoryState, ScanState } from './state.ts'

export function putImageScanningConfiguration(
  input: PutImageScanningConfigurationRequest & RepositoryInput,
  state: EcrState,
  call: Call,
): PutImageScanningConfigurationResponse {
  const repository = findRepository(input, state, call)
  repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  }
}

/** The scan that a push begins; undefined: the repository does not ask for one. */
export function scanOnPush(
  { scanOnPush: isAsked, name, uri }: RepositoryState,
  tag: string | undefined,
  { clock, scenario }: Call,
): ScanState | undefined {
  if (!isAsked) return undefined
  const names = [uri, name].flatMap((image) => (tag === undefined ? [image] : [`${image}:${tag}`, image]))
  const behaviour = names.map((image) => scenario.images[image]).find((found) => found !== undefined)
  const completedAtMs = clock.now() + LEDGER.scanSeconds.value * 1000
  return { completedAtMs, findings: behaviour?.findings ?? {} }
}

/** What DescribeImages tells of the scan of an image. */
export function presentScan({ scan }: ImageState, { clock }: Call): Partial<ImageDetail> {
  if (scan === undefined) return {}
  if (clock.now() < scan.completedAtMs) return { imageScanStatus: { status: 'IN_PROGRESS' } }
  const imageScanCompletedAt = new Date(scan.completedAtMs)
  return {
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindingsSummary: { imageScanCompletedAt, findingSeverityCounts: { ...scan.findings } },
  }
}
