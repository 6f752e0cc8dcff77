import { clientFault } from '../faults.ts'

/** CPU units of a task-level `cpu`, which may say `1024` or `1 vCPU`; undefined if it says neither. */
function cpuUnitsFrom(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(vcpu)?\s*$/i.exec(text)
  if (!match) return undefined
  return match[2] ? Number(match[1]) * 1024 : Number(match[1])
}

/** MiB of a task-level `memory`, which may say `2048` or `2 GB`; undefined if it says neither. */
function memoryMiBFrom(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(gb)?\s*$/i.exec(text)
  if (!match) return undefined
  return match[2] ? Number(match[1]) * 1024 : Number(match[1])
}

interface FargateSize {
  readonly cpu: number
  readonly fromMiB: number
  readonly toMiB: number
  readonly stepMiB: number
}

/** Amazon ECS API Reference, RegisterTaskDefinition, memory. The smallest size is the only irregular one. */
const FARGATE_SIZES: readonly FargateSize[] = [
  { cpu: 256, fromMiB: 512, toMiB: 512, stepMiB: 512 },
  { cpu: 256, fromMiB: 1024, toMiB: 2048, stepMiB: 1024 },
  { cpu: 512, fromMiB: 1024, toMiB: 4096, stepMiB: 1024 },
  { cpu: 1024, fromMiB: 2048, toMiB: 8192, stepMiB: 1024 },
  { cpu: 2048, fromMiB: 4096, toMiB: 16_384, stepMiB: 1024 },
  { cpu: 4096, fromMiB: 8192, toMiB: 30_720, stepMiB: 1024 },
  { cpu: 8192, fromMiB: 16_384, toMiB: 61_440, stepMiB: 4096 },
  { cpu: 16_384, fromMiB: 32_768, toMiB: 122_880, stepMiB: 8192 },
]

export function isFargateSize(cpu: number, memoryMiB: number): boolean {
  return FARGATE_SIZES.some(
    (size) =>
      size.cpu === cpu &&
      memoryMiB >= size.fromMiB &&
      memoryMiB <= size.toMiB &&
      (memoryMiB - size.fromMiB) % size.stepMiB === 0,
  )
}

/** The size as AWS stores it: integers in CPU units and MiB. Throws ClientException for a text that is no size. */
export function normalSize(what: 'cpu' | 'memory', text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const amount = what === 'cpu' ? cpuUnitsFrom(text) : memoryMiBFrom(text)
  if (amount === undefined || !Number.isInteger(amount)) throw clientFault(`Invalid '${what}' setting for task.`)
  return String(amount)
}
