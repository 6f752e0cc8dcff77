import { readdir, readFile, readlink } from 'node:fs/promises'

const CLOCK_TICKS_PER_SECOND = 100

/** CPU time of a process, in user and kernel mode, from `/proc` (Linux only). */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
}

/** The most memory that a process has had resident. */
export async function peakRssMibOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, peakKib = '0'] = /VmHWM:\s+(\d+)/.exec(status) ?? []
  return Number(peakKib) / 1024
}

/** Pid of the process of this program that works in `folder`. */
export async function pidOf(program: string, folder: string): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const name = await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '')
    const workingFolder = await readlink(`/proc/${entry}/cwd`).catch(() => '')
    if (name.trim() === program && workingFolder === folder) return Number(entry)
  }
  throw new Error(`no ${program} works in ${folder}`)
}
