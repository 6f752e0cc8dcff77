import type { Docker } from '../docker/cli.ts'
import type { Images } from './build-images.ts'

/** Removes images, and the containers that a test which was killed left of them. */
export async function removeImages(docker: Docker, images: Images): Promise<void> {
  for (const image of Object.values<string>({ ...images })) {
    const containers = await docker('ps', '--all', '--quiet', '--filter', `ancestor=${image}`)
    if (containers !== '') await docker('rm', '--force', '--volumes', ...containers.split('\n'))
    await docker('rmi', image)
  }
}
