// npm run measure: how long functions and files are, how much is tested, commented, suppressed and cast, beside what we
// want to keep to. A measure, not a check: it never fails. Source is src, tools and bench without their tests.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { numbersOf } from './measure/file-numbers.ts'
import { summaryLines } from './measure/summary.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const files = globSync('{src,test,tools,bench}/**/*.{js,ts}', { cwd: ROOT }).map((path) => {
  return { path, numbers: numbersOf(path, readFileSync(join(ROOT, path), 'utf8')) }
})
stdout.write(`${summaryLines(files).join('\n')}\n`)
