const MEBIBYTE = 2 ** 20
/** What the process needs beside V8's old space: 64 for Node itself and buffers of sockets, three semi-spaces of 16. */
const LEAST_RESERVE_MIB = 112
const RESERVE_FRACTION = 0.25
/** Beyond this V8's own limit (4 GiB) is low enough, or there is no limit on memory at all. */
const MOST_MEMORY_MIB = 5 * 1024

/**
 * What keeps an operator small that watches thousands of objects. By itself V8 lets garbage grow to several times of what
 * is alive before it collects, and keeps three semi-spaces of 32 MiB each: with ten thousand objects twice the memory, for
 * a few per cent of CPU time (docs/performance.md).
 */
const THRIFT = ['--max-semi-space-size=16', '--heap-growing-percent=50'] as const

export interface HeapSurroundings {
  /** What the cgroup allows, as `process.constrainedMemory` says it; 0: unknown. */
  readonly memoryLimitBytes: number
  /** Flags with which Node was started, those of the environment variable NODE_OPTIONS included. */
  readonly flags: readonly string[]
  /** Whether the process is to live long; the others need not begin anew for the sake of memory. */
  readonly isService: boolean
}

/** The flags that are missing for V8's heap to be small, and within the container; none: somebody has decided on all of it. */
export function heapFlags({ memoryLimitBytes, flags, isService }: HeapSurroundings): readonly string[] {
  const wanted = [...limitFor(memoryLimitBytes / MEBIBYTE), ...(isService ? THRIFT : [])]
  return wanted.filter((flag) => !flags.some((given) => isAbout(given, flag)))
}

/**
 * By itself V8 takes half of a large container and, measured with Node 26, 262 MiB of one that has 128: the kernel would
 * end the process before V8 thinks of collecting garbage.
 */
function limitFor(memoryMib: number): readonly string[] {
  if (memoryMib === 0 || memoryMib > MOST_MEMORY_MIB) return []
  const reserveMib = Math.max(LEAST_RESERVE_MIB, memoryMib * RESERVE_FRACTION)
  // Less than half would not even hold the program: then it is the heap that complains, and says so.
  const heapMib = Math.max(memoryMib - reserveMib, memoryMib / 2)
  return [`--max-old-space-size=${Math.floor(heapMib)}`]
}

/** `given` may hold several flags; dashes and underscores are the same, and a percentage decides about a size as well. */
function isAbout(given: string, flag: string): boolean {
  const [name = flag] = flag.split('=')
  return given.replaceAll('_', '-').includes(name)
}
