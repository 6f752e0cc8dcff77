import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { type Tool, createHelm } from '../../tools/charts/chart-tools.ts'

/** A Kubernetes object as a chart renders it. */
export interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: object
}

/** Values as a user's file has them. */
export type Values = Readonly<Record<string, unknown>>

/** Helm for one test file, with files of its own. */
export interface Charts {
  /** Against the cluster of the kubeconfig, if there is one. */
  readonly helm: Tool
  /** Path of a file with the values. */
  readonly fileWith: (values: Values) => Promise<string>
  /** What `helm template` makes of the chart as release `longshore` in the namespace `longshore`. */
  readonly render: (values?: Values, ...options: readonly string[]) => Promise<readonly Rendered[]>
  /** What Helm says when it refuses the values. */
  readonly refusal: (values: Values) => Promise<string>
}

/** Path of a chart. */
export function chartAt(name: 'longshore' | 'longshore-crds'): string {
  return fileURLToPath(new URL(`../../charts/${name}`, import.meta.url))
}

export async function openCharts(kubeconfigPath?: string): Promise<Charts> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-charts-'))
  after(() => rm(folder, { recursive: true }))
  const helm = createHelm(folder, kubeconfigPath)
  let files = 0
  const fileWith = async (values: Values): Promise<string> => {
    const path = join(folder, `values-${(files += 1)}.json`)
    await writeFile(path, JSON.stringify(values))
    return path
  }
  const template = async (values: Values, options: readonly string[] = []): Promise<string> => {
    const given = ['--namespace', 'longshore', '--values', await fileWith(values)]
    return helm('template', 'longshore', chartAt('longshore'), ...given, ...options)
  }
  return {
    helm,
    fileWith,
    render: async (values = {}, ...options) => objectsIn(await template(values, options)),
    refusal: async (values) => {
      const error: { readonly stderr?: string } = await template(values).then(
        () => ({ stderr: '' }),
        (failure: { readonly stderr?: string }) => failure,
      )
      return error.stderr ?? ''
    },
  }
}

/** The objects of a stream of YAML documents. */
function objectsIn(text: string): readonly Rendered[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object: Rendered | null = document.toJS()
    return object === null ? [] : [object]
  })
}

/** The objects of a kind. */
export function ofKind(objects: readonly Rendered[], kind: string): readonly Rendered[] {
  return objects.filter((object) => object.kind === kind)
}

/** What is at a path (`spec.template.spec.containers.0.args`) in a value; undefined: nothing. */
export function at(value: unknown, path: string): unknown {
  const [name = '', ...rest] = path.split('.')
  const member = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return rest.length === 0 ? member : at(member, rest.join('.'))
}

const TEMPLATE = 'spec.template'

/** Where the operator's container stands in its Deployment. */
export const CONTAINER = `${TEMPLATE}.spec.containers.0`

/** The operator's environment variables by name: their value, or where it comes from. */
export function variablesIn(deployment: unknown): Readonly<Record<string, unknown>> {
  const list = at(deployment, `${CONTAINER}.env`) as readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: object
  }[]
  return Object.fromEntries(list.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]))
}
