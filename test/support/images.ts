import { env, pid } from 'node:process'
import { after } from 'node:test'
import { openDocker } from '../../tools/docker/daemon.ts'
import { type Images, buildImages } from '../../tools/images/build-images.ts'
import { removeImages } from '../../tools/images/remove-images.ts'

/**
 * The images that `npm run test:images` built, or, when a file is run by itself, some that live as long as the file; in
 * both cases whoever built them removes the containers that were left of them.
 */
export async function imagesUnderTest(): Promise<Images> {
  // It is an image of its own, which may not be there to pull; we clean up ourselves.
  env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  const { LONGSHORE_TEST_OPERATOR_IMAGE: operator, LONGSHORE_TEST_SIMULATOR_IMAGE: simulator } = env
  if (operator !== undefined && simulator !== undefined) return { operator, simulator }

  const { docker, close } = await openDocker()
  const images = await buildImages({ docker, tag: `test-${pid}`, tell: () => {} })
  after(async () => {
    await removeImages(docker, images)
    await close()
  })
  return images
}
