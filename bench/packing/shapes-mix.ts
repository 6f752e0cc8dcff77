import type { Mix } from './mixes.ts'
import { normalFrom, randomStream } from './random.ts'
import { podsFrom } from './workload.ts'

const NAME = /^shapes-(\d+)$/

/** `shapes-N`: N sizes around those of a usual service, log-normal, and pods that have one of them each. */
export function shapesMix(name: string): Mix {
  const shapes = Number(NAME.exec(name)?.[1])
  if (!(shapes > 0)) throw new RangeError(`no mix ${name}`)
  return (pods, seed) => {
    const random = randomStream(seed)
    const drawn = (median: number): number => Math.max(10, Math.round(median * Math.exp(normalFrom(random))))
    const sizes = Array.from({ length: shapes }, () => ({ cpuMillis: drawn(300), memoryMi: drawn(700) }))
    return {
      pods: podsFrom(pods, (index) => {
        // Every size comes at least once, as long as there are pods.
        const size = sizes[index < shapes ? index : Math.floor(random() * shapes)]
        return { name: `pod-${index}`, cpuMillis: 300, memoryMi: 700, ...size }
      }),
    }
  }
}
