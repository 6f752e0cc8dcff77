import type { PutImageScanningConfigurationRequest, PutImageScanningConfigurationResponse } from '@aws-sdk/client-ecr'
import type { Call } from '../../service.ts'
import { findRepository, type RepositoryInput } from './find.ts'
import type { EcrState } from './state.ts'

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
