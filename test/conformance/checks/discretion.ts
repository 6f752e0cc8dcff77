import assert from 'node:assert/strict'
import { annotated, edit, readyOf, removeAll, SECRET, specOf, type Check } from '../check.ts'

/** What shows, and how much of it. The stage looks at every status, event, log line and user agent. */
export const discretionChecks: readonly Check[] = [
  {
    name: 'a secret in the spec shows nowhere, whatever is done with it or refused',
    run: async ({ subject: { manifest, cases }, manifests, preparedWorld }) => {
      const world = await preparedWorld()
      const withSecret = { ...manifest, spec: cases.withSecret(specOf(manifest.spec), SECRET) }
      world.apply(annotated(withSecret, { mode: 'Observe' }))
      await world.settle()
      world.apply(annotated(withSecret, {}))
      await world.settle()
      edit(world, manifest, cases.edits[0]?.change ?? assert.fail('there is no edit'))
      await world.settle()
      world.aws.fault({ count: 20, effect: { type: 'error', code: 'InvalidParameterException' } })
      edit(world, manifest, (spec) => cases.withSecret(spec, `${SECRET}, another one`))
      await world.run(600)

      await removeAll(world, manifests)
    },
  },
  {
    name: 'as much of everything as there may be keeps status small',
    run: async ({ subject: { manifest, cases }, preparedWorld }) => {
      const world = await preparedWorld()
      const silly = { ...manifest, spec: cases.silly(specOf(manifest.spec)) }
      world.apply(annotated(silly, { mode: 'Observe' }))
      await world.settle()
      assert.equal(readyOf(world, manifest).reason, 'ObserveOnly')

      world.apply(annotated(silly, {}))
      await world.settle()

      assert.equal(readyOf(world, manifest).reason, 'InSync')
    },
  },
]
