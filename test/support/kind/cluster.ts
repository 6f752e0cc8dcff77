import { env, pid } from 'node:process'
import { after } from 'node:test'
import { openDocker } from '../../../tools/docker/daemon.ts'
import { findNodeImage } from '../../../tools/kind/node-image.ts'
import { imagesUnderTest } from '../images.ts'
import { type KindStage, type KindStageInput, openKindStage } from './stage.ts'

/**
 * A kind cluster that lives as long as the test file. `npm run test:kind` says how it is called, and removes what a test
 * that was killed left of it.
 */
export async function startTestKindCluster(options: Pick<KindStageInput, 'clock' | 'timed'>): Promise<KindStage> {
  const images = await imagesUnderTest()
  const { docker, close } = await openDocker()
  const name = env['LONGSHORE_TEST_KIND_NAME'] ?? `longshore-${pid}`
  const nodeImage = env['LONGSHORE_TEST_KIND_IMAGE'] ?? (await findNodeImage(docker, () => {}))
  const stage = await openKindStage({ docker, images, nodeImage, name, ...options })
  after(async () => {
    await stage[Symbol.asyncDispose]()
    await close()
  })
  return stage
}
