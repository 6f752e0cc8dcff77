import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Values, chartAt } from '../chart.ts'
import { type KindStage, restrictedNamespace, SIMULATOR_URL } from './stage.ts'

/** Where the operator runs. */
export const NAMESPACE = 'longshore'

const WAIT = ['--wait', '--timeout=180s'] as const

/** Installs both charts as docs/install.md tells, with static keys; two pods are ready when it resolves. */
export async function installCharts(stage: KindStage, values: Values = {}): Promise<void> {
  const { apply, helm } = stage
  await apply(restrictedNamespace(NAMESPACE))
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAKINDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'aws', namespace: NAMESPACE }, stringData: keys })
  await helm('install', 'longshore-crds', chartAt('longshore-crds'), '--namespace', NAMESPACE, '--set=keep=false')
  await helmWith(stage, 'install', values)
}

/** Answers when the pods of the new release are ready. */
export async function upgradeChart(stage: KindStage, values: Values): Promise<void> {
  await helmWith(stage, 'upgrade', values)
}

async function helmWith({ helm, images }: KindStage, verb: 'install' | 'upgrade', values: Values): Promise<void> {
  const path = join(tmpdir(), `longshore-kind-values-${randomUUID()}.json`)
  await writeFile(path, JSON.stringify({ ...valuesFor(images.operator), ...values }))
  try {
    await helm(verb, 'longshore', chartAt('longshore'), '--namespace', NAMESPACE, '--values', path, ...WAIT)
  } finally {
    await rm(path)
  }
}

/** What is different here from anywhere else. */
function valuesFor(image: string): Values {
  const [repository, tag] = image.split(':')
  return {
    image: { repository, tag },
    crds: { install: false },
    aws: { region: 'eu-central-1', endpoint: SIMULATOR_URL, credentials: { secretName: 'aws' } },
    // By this simulated AWS tells the pods apart, as CloudTrail would.
    extraEnv: [{ name: 'AWS_SDK_UA_APP_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  }
}

export async function uninstallCharts({ helm }: KindStage): Promise<void> {
  for (const release of ['longshore', 'longshore-crds'])
    await helm('uninstall', release, '--namespace', NAMESPACE, ...WAIT)
}
