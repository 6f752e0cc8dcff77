import type { Docker } from '../docker/cli.ts'
import { troublePulling } from '../docker/pull.ts'
import { makeNodeImage } from './make-node-image.ts'

/** The image that the kind of tools/kind/cli was released with. Source: its pkg/apis/config/defaults/image.go. */
const OFFICIAL = 'kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5'

/** The image for nodes: kind's own, or, where that cannot be pulled, one that is made here. Tells which, and why. */
export async function findNodeImage(docker: Docker, tell: (line: string) => void): Promise<string> {
  const trouble = await troublePulling(docker, OFFICIAL)
  if (trouble === undefined) return OFFICIAL
  tell(`  ${trouble}: the image of a kind node is made here`)
  return makeNodeImage(docker)
}
