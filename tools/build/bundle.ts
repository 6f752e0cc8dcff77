import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type OutputFile } from 'esbuild'
import { builtInModules } from './built-in-modules.ts'
import { licencesOf } from './licences.ts'
import { ownSourceMap, type SourceMap } from './own-source-map.ts'
import type { Program } from './program.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Where bundles live in a checkout and in an image: beside `crds/`, which the operator finds from there. */
export const DIST = join(ROOT, 'dist')

/** A program as it was bundled. */
export interface Bundle {
  readonly program: Program
  /** The files that went into it, relative to the root. */
  readonly inputs: readonly string[]
  readonly bytes: number
}

/** CommonJS packages call `require` for Node's own modules; an ES module has to make one. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

/**
 * Bundles a program with everything it imports into `folder`: the code, its source map (`node --enable-source-maps` reads
 * it), and the licences of the packages in it. Throws what esbuild has to say about sources that do not fit together.
 */
export async function bundle(program: Program, folder: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [program.entryPoint],
    // Paths in the map are relative to this, wherever the files go.
    outfile: join(DIST, `${program.name}.js`),
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    // Many packages ship themselves as ES modules, too, and those bundle into less.
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    // Not `keepNames`: it calls a function for each function that is made, which costs a tenth of all CPU time.
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: REQUIRE },
    plugins: [builtInModules],
    logLevel: 'silent',
  })
  const inputs = Object.keys(metafile.inputs).filter((path) => !path.includes(':'))
  const [code, map] = [outputEnding('.js', outputFiles), outputEnding('.map', outputFiles)]
  const parsed: SourceMap = JSON.parse(map.text)
  await mkdir(folder, { recursive: true })
  await Promise.all([
    writeFile(join(folder, `${program.name}.js`), code.contents),
    writeFile(join(folder, `${program.name}.js.map`), JSON.stringify(ownSourceMap(parsed))),
    writeFile(join(folder, `${program.name}.licences.txt`), await licencesOf(inputs, ROOT)),
  ])
  return { program, inputs, bytes: code.contents.length }
}

function outputEnding(ending: string, files: readonly OutputFile[]): OutputFile {
  const file = files.find(({ path }) => path.endsWith(ending))
  if (file === undefined) throw new Error(`esbuild wrote no ${ending} file`)
  return file
}
