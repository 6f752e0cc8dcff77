import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'

const NAMESPACE = 'parts-of-undici'

/** What we use of undici, by name and file. Whoever imports anything else is told by esbuild. */
const PARTS = { Agent: 'agent', EnvHttpProxyAgent: 'env-http-proxy-agent', Pool: 'pool' } as const

/**
 * Takes of undici what we use. Its own entry point is CommonJS, of which nothing can be left out: `fetch`, caches, web sockets,
 * mocks, and the modules of Node that those want, were more than half of what a start spends on undici, and 8 MB.
 */
export const partsOfUndici: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, resolved)
    build.onLoad({ filter: /^/, namespace: NAMESPACE }, loaded)
  },
}

/** Packages that call `require` may want anything of it. */
function resolved({ kind, path }: OnResolveArgs): OnResolveResult | undefined {
  return kind === 'require-call' ? undefined : { path, namespace: NAMESPACE }
}

function loaded(): OnLoadResult {
  const lines = Object.entries(PARTS).map(
    ([name, file]) => `export { default as ${name} } from 'undici/lib/dispatcher/${file}.js'`,
  )
  return { contents: [...lines, METHODS].join('\n'), loader: 'js', resolveDir: import.meta.dirname }
}

/** Its entry point gives the methods to all dispatchers; `dispatch` they have by themselves. */
const METHODS = `
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import request from 'undici/lib/api/api-request.js'
Object.assign(Dispatcher.prototype, { request })`
