// npm run build: bundles the programs into dist/, one file each with its source map.
import { stdout } from 'node:process'
import { bundle, DIST } from './build/bundle.ts'
import { PROGRAMS } from './build/program.ts'

for (const { program, bytes, inputs } of await Promise.all(PROGRAMS.map((program) => bundle(program, DIST)))) {
  stdout.write(`dist/${program.name}.js  ${(bytes / 1e6).toFixed(1)} MB from ${inputs.length} files\n`)
}
