import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { execPath } from 'node:process'
import { after, before, describe, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { type Bundle, bundle, ROOT } from './bundle.ts'
import { PROGRAMS } from './program.ts'

/** Laid out like an image, far away from the sources and their packages. */
const shipped = mkdtempSync(join(tmpdir(), 'longshore-bundle-'))
const dist = join(shipped, 'dist')
const bundles = new Map<string, Bundle>()

before(async () => {
  symlinkSync(join(ROOT, 'crds'), join(shipped, 'crds'))
  for (const program of PROGRAMS) bundles.set(program.name, await bundle(program, dist))
})
after(() => rmSync(shipped, { recursive: true }))

function inputsOf(name: string): readonly string[] {
  return bundles.get(name)?.inputs ?? assert.fail(`no bundle ${name}`)
}

function shippedText(file: string): string {
  return readFileSync(join(dist, file), 'utf8')
}

function longshore(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    execPath,
    ['--enable-source-maps', join(dist, 'longshore.js'), ...args],
    { encoding: 'utf8', env: { AWS_REGION: 'eu-central-1' } },
  )
  return { status, stdout, stderr }
}

/** The files of which the operator's bundle evaluates something for a verb, packages by their names. */
function evaluatedBy(...args: readonly string[]): readonly string[] {
  const parts = bundles.get('longshore')?.parts ?? assert.fail('no bundle')
  const telling = parts.reduce(
    (text, { name }) => text.replace(`"${name}"(){`, `"${name}"(){process.stderr.write("evaluates ${name}\\n");`),
    shippedText('longshore.js'),
  )
  const program = join(dist, 'longshore-that-tells.js')
  writeFileSync(program, telling)
  const { stderr } = spawnSync(execPath, [program, ...args], { encoding: 'utf8' })
  const told = new Set([...stderr.matchAll(/^evaluates (.*)$/gm)].map(([, name]) => name))
  const inputs = parts.filter(({ name }) => told.has(name)).flatMap((part) => part.inputs)
  return inputs.map((path) => path.replace(/^.*node_modules\//, ''))
}

describe('the bundle of the operator', () => {
  test('holds nothing of the simulator, nor of anything else that is not the program', () => {
    const ours = inputsOf('longshore').filter((path) => !path.includes('node_modules/'))
    const foreign = ours.filter(
      (path) => !/^(package\.json$|src\/)/.test(path) || /^src\/simulator\/|\.test\./.test(path),
    )

    assert.ok(ours.includes('src/app/commands/operator.ts'))
    assert.deepEqual(foreign, [])
    // What every simulator answers to.
    assert.doesNotMatch(shippedText('longshore.js'), /_simulator/)
    assert.match(shippedText('longshore-simulate-aws.js'), /_simulator/)
  })

  test('says its version', () => {
    assert.deepEqual(longshore('version'), { status: 0, stdout: `longshore ${packageJson.version}\n`, stderr: '' })
  })

  test('prints the CRDs that are shipped beside it', () => {
    const { status, stdout } = longshore('crds')

    assert.equal(status, 0)
    assert.equal(parseAllDocuments(stdout).length, readdirSync(join(ROOT, 'crds')).length)
  })

  test('packs in a thread, which begins with the same file', () => {
    const problem = join(shipped, 'problem.json')
    writeFileSync(problem, JSON.stringify({ pods: [{ metadata: { name: 'web' }, spec: { containers: [{}] } }] }))

    const { status, stdout, stderr } = longshore('pack', '-f', problem)

    assert.deepEqual([status, stderr], [0, ''])
    const { newNodes }: { newNodes: { pods: string[] }[] } = JSON.parse(stdout)
    assert.deepEqual(
      newNodes.map(({ pods }) => pods),
      [['default/web']],
    )
  })

  test('begins to operate without evaluating what only other verbs need', () => {
    const others = /^src\/app\/commands\/(?!operator\.ts)|^src\/app\/worker|cloudtrail|^src\/core\/scheduling\//
    const operator = evaluatedBy('operator', '--kubeconfig=/nowhere/config')
    const explain = evaluatedBy('explain', '--help')

    assert.deepEqual(
      operator.filter((path) => others.test(path)),
      [],
    )
    assert.ok(operator.includes('src/app/commands/operator.ts'))
    assert.ok(operator.includes('undici/lib/dispatcher/pool.js') && !operator.includes('undici/index.js'))
    assert.ok(operator.some((path) => path.startsWith('@aws-sdk/client-ecs/')))
    // It is told what is evaluated.
    assert.ok(explain.includes('src/app/commands/explain.ts'))
  })

  test('holds what is used of its packages, and no more', () => {
    const used = new Set(bundles.get('longshore')?.parts.flatMap(({ inputs }) => inputs.map((path) => basename(path))))

    // Zod speaks English here, and of ECR's operations some.
    assert.ok(used.has('en.js') && !used.has('fr.js'))
    assert.match(shippedText('longshore.js'), /"CreateRepository"/)
    assert.doesNotMatch(shippedText('longshore.js'), /"CompleteLayerUpload"/)
  })

  test('reads the instance catalogue when somebody packs, and not before', () => {
    const notice = '"Generated by tools/generate-catalogue.ts; do not edit."'
    const alarmed = shippedText('longshore.js').replace(notice, '(()=>{throw new Error("the catalogue is read")})()')
    const program = join(dist, 'longshore-with-alarm.js')
    writeFileSync(program, alarmed)
    const run = (verb: string, ...args: string[]) =>
      spawnSync(execPath, [program, verb, ...args], { encoding: 'utf8', input: '{"pods":[]}' })

    assert.notEqual(alarmed, shippedText('longshore.js'))
    assert.equal(run('version').status, 0)
    assert.doesNotMatch(run('operator', '--kubeconfig=/nowhere/config').stdout, /the catalogue is read/)
    assert.match(run('pack', '-f', '-').stderr, /the catalogue is read/)
  })

  test('names the source, its line and its function in the stack of an error', () => {
    const path = 'src/kube/credential-file.ts'
    const source = readFileSync(join(ROOT, path), 'utf8').split('\n')
    const line = 1 + source.findIndex((text) => text.includes("throw new Failure('credentials'"))

    const { status, stdout } = longshore('operator', '--kubeconfig=/nowhere/config')

    assert.equal(status, 1)
    const { error }: { error: { stack: string } } = JSON.parse(stdout)
    assert.match(error.stack, new RegExp(`at readCredentialFile \\(${join(shipped, path)}:${line}:\\d+\\)`))
  })
})

describe('the bundle of the simulator', () => {
  test('holds nothing of the operator', () => {
    const rooms = new Set(inputsOf('longshore-simulate-aws').flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []))

    assert.deepEqual([...rooms].toSorted(), ['simulator'])
  })

  test('serves', { timeout: 30_000 }, async (context) => {
    const child = spawn(execPath, [join(dist, 'longshore-simulate-aws.js')], { stdio: ['ignore', 'pipe', 'inherit'] })
    context.after(() => child.kill('SIGKILL'))
    const [line]: unknown[] = await once(child.stdout, 'data', { signal: context.signal })

    const clock = await fetch(new URL('/_simulator/clock', String(line).trim()))

    assert.equal(clock.status, 200)
  })
})

test('every package in a bundle is there with its licence', () => {
  const text = shippedText('longshore.licences.txt')

  assert.match(text, /^zod 4\S+ \(MIT\)\n\nMIT License/m)
  assert.match(text, /^@aws-sdk\/client-ecs 3\S+ \(Apache-2\.0\)\n/m)
  assert.doesNotMatch(text, /see below/)
})
