import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type OutputFile } from 'esbuild'
import { builtInModules } from './built-in-modules.ts'
import { filesInMemory } from './files-in-memory.ts'
import { licencesOf } from './licences.ts'
import { ownSourceMap, type SourceMap } from './own-source-map.ts'
import { partsOfUndici } from './parts-of-undici.ts'
import type { Program } from './program.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Where bundles live in a checkout and in an image: beside `crds/`, which the operator finds from there. */
export const DIST = join(ROOT, 'dist')

/** A program as it was bundled. */
export interface Bundle {
  readonly program: Program
  /** The files that went into it, relative to the root. */
  readonly inputs: readonly string[]
  readonly parts: readonly Part[]
  readonly bytes: number
}

/** What is evaluated together. In the bundle a part is a function under this name, called when somebody imports the part. */
export interface Part {
  readonly name: string
  /** Of which files it has something. */
  readonly inputs: readonly string[]
}

/** CommonJS packages call `require` for Node's own modules; an ES module has to make one. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"

const OPTIONS = {
  absWorkingDir: ROOT,
  write: false,
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
  sourcesContent: false,
  logLevel: 'silent',
} as const satisfies BuildOptions

/**
 * Bundles a program with everything it imports into `folder`: the code, its source map (`node --enable-source-maps` reads
 * it), and the licences of the packages in it. Throws what esbuild has to say about sources that do not fit together.
 */
export async function bundle(program: Program, folder: string): Promise<Bundle> {
  const { files, inputs, parts } = await split(program)
  const { code, map } = await joined(program, files)
  const parsed: SourceMap = JSON.parse(map.text)
  await mkdir(folder, { recursive: true })
  await Promise.all([
    writeFile(join(folder, `${program.name}.js`), code.contents),
    writeFile(join(folder, `${program.name}.js.map`), JSON.stringify(ownSourceMap(parsed))),
    writeFile(join(folder, `${program.name}.licences.txt`), await licencesOf(inputs, ROOT)),
  ])
  return { program, inputs, parts, bytes: code.contents.length }
}

/**
 * First into parts, by what is imported at the same time. Only so does esbuild leave out what nobody uses of a module that
 * is imported late: in one file at once it keeps all of each, such as every operation of an AWS client, 10 MiB at rest.
 */
async function split({ entryPoint }: Program) {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    entryPoints: { main: entryPoint },
    outdir: DIST,
    splitting: true,
    metafile: true,
    sourcemap: 'inline',
    plugins: [builtInModules, partsOfUndici],
  })
  const parts = Object.entries(metafile.outputs).map(([name, output]): Part => {
    const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    return { name, inputs: used.map(([path]) => path) }
  })
  return { files: outputFiles, inputs: Object.keys(metafile.inputs).filter((path) => !path.includes(':')), parts }
}

/** Then the parts into one file. */
async function joined({ name }: Program, parts: readonly OutputFile[]) {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(DIST, 'main.js')],
    // Paths in the map are relative to this, wherever the files go.
    outfile: join(DIST, `${name}.js`),
    sourcemap: 'linked',
    banner: { js: REQUIRE },
    plugins: [filesInMemory(new Map(parts.map(({ path, text }) => [path, text])))],
  })
  return { code: outputEnding('.js', outputFiles), map: outputEnding('.map', outputFiles) }
}

function outputEnding(ending: string, files: readonly OutputFile[]): OutputFile {
  const file = files.find(({ path }) => path.endsWith(ending))
  if (file === undefined) throw new Error(`esbuild wrote no ${ending} file`)
  return file
}
