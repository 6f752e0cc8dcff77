import type { Docker } from './cli.ts'

/** Has the image here, pulled if it was not; answers what is in the way of that, if something is. */
export async function troublePulling(docker: Docker, image: string): Promise<string | undefined> {
  try {
    if ((await docker('image', 'ls', '--quiet', image)) === '') await docker('pull', '--quiet', image)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
