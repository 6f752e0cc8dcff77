import { isBuiltin } from 'node:module'
import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'

const NAMESPACE = 'built-in'

/**
 * Reaches Node's own modules without `import`. An ES module's import of `node:http` reads every export of it, also those
 * that Node loads only when somebody asks: a second HTTP client, 3 MiB and tens of milliseconds in each start.
 */
export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z]+)*$/ }, resolved)
    build.onLoad({ filter: /^/, namespace: NAMESPACE }, loaded)
  },
}

function resolved({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  // What calls `require` gets the module as it is already.
  if (kind === 'require-call' || !isBuiltin(path)) return undefined
  return { path, namespace: NAMESPACE }
}

function loaded({ path }: { readonly path: string }): OnLoadResult {
  return { contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`, loader: 'js' }
}
