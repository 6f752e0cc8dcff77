const MEBIBYTE = 2 ** 20
/** What the process needs beside V8's old space: Node itself, the young generation, buffers of sockets. */
const LEAST_RESERVE_MIB = 64
const RESERVE_FRACTION = 0.25
/** Beyond this V8's own limit (4 GiB) is low enough, or there is no limit on memory at all. */
const MOST_MEMORY_MIB = 5 * 1024

const SETS_HEAP = /--max[-_]old[-_]space[-_]size/

export interface HeapSurroundings {
  /** What the cgroup allows, as `process.constrainedMemory` says it; 0: unknown. */
  readonly memoryLimitBytes: number
  /** Flags with which Node was started, those of the environment variable NODE_OPTIONS included. */
  readonly flags: readonly string[]
}

/**
 * The flags that keep V8's heap within the memory of the container; none: it is fine as it is, or somebody has decided.
 * By itself V8 takes half of a large container and, measured with Node 26, 262 MiB of one that has 128: the kernel would
 * end the process before V8 thinks of collecting garbage.
 */
export function heapFlags({ memoryLimitBytes, flags }: HeapSurroundings): readonly string[] {
  const memoryMib = memoryLimitBytes / MEBIBYTE
  if (memoryMib === 0 || memoryMib > MOST_MEMORY_MIB || flags.some((flag) => SETS_HEAP.test(flag))) return []

  const reserveMib = Math.max(LEAST_RESERVE_MIB, memoryMib * RESERVE_FRACTION)
  // Less than half would not even hold the program: then it is the heap that complains, and says so.
  const heapMib = Math.max(memoryMib - reserveMib, memoryMib / 2)
  return [`--max-old-space-size=${Math.floor(heapMib)}`]
}
