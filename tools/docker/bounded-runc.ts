#!/usr/bin/env node
// runc for a machine whose own processes lack a capability (some virtual machines drop CAP_SYS_RESOURCE): takes out of
// what a container asks for what nobody here may have, then calls runc. Without it a privileged container fails with
// "unable to apply caps: operation not permitted". It grants nothing.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv, exit } from 'node:process'

/** Bit N of the kernel's sets, by name. Source: capabilities(7), include/uapi/linux/capability.h. */
const CAPABILITIES = [
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE',
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN',
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE',
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE',
].flatMap((names) => names.split(' ').map((name) => `CAP_${name}`))

/** The process of an OCI runtime specification, as far as we look at it: names of capabilities by set. */
export interface RuntimeProcess {
  readonly capabilities?: Readonly<Record<string, readonly string[]>>
}

/** The capabilities that no process here can have, from the bounding set of `status` (proc(5)). */
export function lackedCapabilities(status = readFileSync('/proc/self/status', 'utf8')): readonly string[] {
  const [, bits = '0'] = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status) ?? []
  const bounding = BigInt(`0x${bits}`)
  return CAPABILITIES.filter((_, bit) => ((bounding >> BigInt(bit)) & 1n) === 0n)
}

/** The process without the capabilities `lacked`, and otherwise as it was. */
export function withoutCapabilities<P extends RuntimeProcess>(process: P, lacked: readonly string[]): P {
  if (process.capabilities === undefined) return process
  const kept = Object.entries(process.capabilities).map(
    ([set, names]) => [set, names.filter((name) => !lacked.includes(name))] as const,
  )
  return { ...process, capabilities: Object.fromEntries(kept) }
}

/** runc finds what to run in the `config.json` of a bundle, or in the file that follows --process. */
function limit(args: readonly string[], lacked: readonly string[]): void {
  const bundle = valueAfter(args, '--bundle', '-b')
  if (bundle !== undefined) limitFile(join(bundle, 'config.json'), lacked)
  const file = valueAfter(args, '--process', '-p')
  if (file !== undefined) limitFile(file, lacked)
}

function valueAfter(args: readonly string[], ...flags: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => flags.includes(arg))
  return index < 0 ? undefined : args[index + 1]
}

function limitFile(path: string, lacked: readonly string[]): void {
  const content: RuntimeProcess & { readonly process?: RuntimeProcess } = JSON.parse(readFileSync(path, 'utf8'))
  const { process, ...rest } = withoutCapabilities(content, lacked)
  const limited = process === undefined ? rest : { ...rest, process: withoutCapabilities(process, lacked) }
  writeFileSync(path, JSON.stringify(limited))
}

if (import.meta.main) {
  const args = argv.slice(2)
  limit(args, lackedCapabilities())
  exit(spawnSync('runc', args, { stdio: 'inherit' }).status ?? 1)
}
