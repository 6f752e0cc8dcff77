import { join } from 'node:path'
import type { Plugin } from 'esbuild'

/** Gives esbuild JavaScript files, by absolute path, that are on no disk. They import one another by relative paths. */
export function filesInMemory(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'files-in-memory',
    setup(build) {
      build.onResolve({ filter: /^\.?\// }, ({ path, resolveDir }) => {
        const whole = path.startsWith('/') ? path : join(resolveDir, path)
        return files.has(whole) ? { path: whole } : undefined
      })
      build.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const contents = files.get(path)
        return contents === undefined ? undefined : { contents, loader: 'js' }
      })
    },
  }
}
