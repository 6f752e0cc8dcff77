import { CORE_LEDGER } from './core-ledger.ts'
import type { Ledger } from './ledger.ts'
import { LEDGER as CLOUDTRAIL } from './services/cloudtrail/ledger.ts'
import { LEDGER as ECR } from './services/ecr/ledger.ts'
import { LEDGER as ECS } from './services/ecs/ledger.ts'
import { LEDGER as LOGS } from './services/logs/ledger.ts'
import { LEDGER as STS } from './services/sts/ledger.ts'

/** The whole fidelity ledger, by service; `all` is what services share. */
export const LEDGERS: Readonly<Record<string, Ledger>> = {
  all: CORE_LEDGER,
  cloudtrail: CLOUDTRAIL,
  ecr: ECR,
  ecs: ECS,
  logs: LOGS,
  sts: STS,
}

/** The ledger as a Markdown page. */
export function renderFidelityPage(): string {
  const sections = Object.entries(LEDGERS).map(([service, ledger]) => `## ${service}\n\n${renderTable(ledger)}`)
  return `${INTRODUCTION}\n${sections.join('\n\n')}\n`
}

const INTRODUCTION = `<!-- Written by \`npm run generate\` from the ledgers in src/simulator; never edited. -->
# What the simulator asserts about AWS

The AWS simulator is simulated from documentation and service models and was never validated against a live account.
*Documented*: AWS says so. *Reported*: seen in public logs and bug reports. *Assumed*: AWS says nothing that was found.
Models were read as botocore ships them; guides and quotas in public copies, which may be older than AWS's own pages today.
`

function renderTable(ledger: Ledger): string {
  const rows = Object.entries(ledger).map(([name, { value, rule, basis, source, date }]) => {
    return `| ${[name, textOf(value), rule, basis, `${source} (${date})`].map(escapeCell).join(' | ')} |`
  })
  return ['| Constant | Value | Rule | Basis | Source (read) |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
