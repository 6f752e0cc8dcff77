import type { Defect, Edit } from './seed.ts'

function one(fact: string, file: string, change: Omit<Edit, 'file'>): Defect {
  return { fact, edits: [{ file: `src/${file}`, ...change }] }
}

/** Mistakes in the engine and the machinery. The explorer has to find each that AWS or the cluster can show. */
export const DEFECTS: readonly Defect[] = [
  one('own writes are forgotten until the cache shows them', 'reconciler/newest.ts', {
    find: 'written.set(key, { object, cachedUid })',
    put: '',
  }),
  one('what is about to be made is not put on record', 'reconciler/steps/record.ts', {
    find: 'if (entries.length === 0) return inventory',
    put: 'return withEntries(inventory, entries)',
  }),
  one('the finalizer is taken after the first status', 'reconciler/steps/acknowledge.ts', {
    find: 'if (hasFinalizer(object)) return',
    put: 'if (hasFinalizer(object) || !Object(object.status).conditions) return',
  }),
  one('a create whose answer was lost is repeated at once', 'reconciler/steps/plan.ts', {
    find: 'const settling = context.survey.isSettling(target)',
    put: 'const settling = false',
  }),
  one('an absence that may be stale lets an object go', 'reconciler/steps/turn.ts', {
    find: 'if (!history.deleted.has(targetKey(target)) && survey.isSettling(',
    put: 'if (false && survey.isSettling(',
  }),
  one('absence is measured against now, not against when it was looked', 'reconciler/steps/observe.ts', {
    find: 'of(target).at - endedAt',
    put: 'pass.deps.clock.now() - endedAt',
  }),
  one('what a process of before tried counts from when it was about to begin', 'reconciler/attempts.ts', {
    find: 'beganAt ?? recordedAt',
    put: 'recordedAt',
  }),
  one('a failed read counts as absence', 'reconciler/steps/observe.ts', {
    find: "{ type: 'unknown', ...problemFrom(error) }",
    put: "{ type: 'known', items: [] }",
  }),
  one('credentials of another account are used all the same', 'reconciler/begin.ts', {
    find: 'if (accountId === scope.accountId && region === scope.region) return',
    put: 'return',
  }),
  {
    fact: 'nobody asks whether the lease still holds',
    edits: [
      { file: 'src/reconciler/steps/apply.ts', find: 'if (!pass.deps.mayWrite())', put: 'if (false)' },
      { file: 'src/aws/send.ts', find: 'if (maySend?.() !== false) return', put: 'return' },
    ],
  },
  one('an attempt that failed, with effect or without, is forgotten', 'reconciler/steps/apply.ts', {
    find: ' && hadNoEffect(failed.problem.code)',
    put: '',
  }),
  one('how long absence proves nothing counts from before a call that takes long', 'reconciler/steps/apply.ts', {
    find: '  pass.attempts.ended(targetKey(target), now)\n  return withEntries(inventory, [{ ...entry, writtenAt: timestamp(now) }])',
    put: '  return inventory',
  }),
  one('a step that fails takes its entry off the inventory', 'reconciler/steps/apply.ts', {
    find: 'const isMade = applied.steps',
    put: 'if (failed) return new Map([...inventory].filter(([key]) => key !== targetKey(target)))\n  const isMade = applied.steps',
  }),
  one('what is foreign is deleted like what is ours', 'reconciler/steps/plan.ts', {
    find: "if (observation.type === 'foreign') {",
    put: "if (observation.type === 'foreign') {\n if (target.type === 'retired' && observation.items) return planKnown(target, { type: 'known', items: observation.items }, context)",
  }),
  one('what is foreign is adopted unasked', 'reconciler/steps/plan.ts', {
    find: "target.type === 'wanted' && asksToAdopt(context.requests) ? observation.items",
    put: "target.type === 'wanted' ? observation.items",
  }),
  one('the message of a failed step carries what the step carries', 'reconciler/steps/apply.ts', {
    find: "if (problem.code !== 'invalid' || carries.length === 0) return problem",
    put: 'return { ...problem, message: problem.message + JSON.stringify(arguments[0]) }',
  }),
  one('what failed is tried again at once', 'runtime/controller.ts', {
    find: 'this.#queue.retry(key, { priority, minimumSeconds: result.minimumSeconds })',
    put: 'this.#queue.add(key, { priority })',
  }),
  {
    fact: 'what was written is remembered for ever',
    edits: [
      { file: 'src/reconciler/newest.ts', find: 'written.delete(key)\n      return cached', put: 'return cached' },
      { file: 'src/reconciler/newest.ts', find: 'FORGET_AT_ONCE = 2', put: 'FORGET_AT_ONCE = 0' },
    ],
  },
  one('a timer goes on after the pass that it belongs to', 'reconciler/engine.ts', {
    find: '} finally {\n      cancelAcknowledgement()',
    put: '} finally {\n      deps.clock.schedule(100_000, cancelAcknowledgement)',
  }),
  one('writes do not depend on the version that was read', 'reconciler/handle.ts', {
    find: 'metadata: { ...metadata, resourceVersion: object.metadata.resourceVersion }',
    put: 'metadata',
  }),
  one('nobody looks whether the spec is out of date before AWS is written to', 'reconciler/steps/turn.ts', {
    find: 'await pass.handle.confirm()',
    put: '',
  }),
  one('a paused object is worked on', 'reconciler/engine.ts', {
    find: "if (pass.requests['paused'] === 'true') return { type: 'paused' }",
    put: '',
  }),
  one('what is to be retained is deleted', 'reconciler/target.ts', {
    find: "{ policy: policy ?? (entry.retain || entry.origin !== 'Created' ? 'Retain' : 'Delete'), force }",
    put: "{ policy: 'Delete', force }",
  }),
  one('an object goes while AWS still deletes', 'reconciler/steps/turn.ts', {
    find: '|| finding.plan.waits.length > 0 || finding.plan.blocks.length > 0) return idle',
    put: ') return idle',
  }),
  one('a lost status counts as an empty one', 'reconciler/steps/restore.ts', {
    find: 'if (!hasFinalizer(pass.object)) return new Map()',
    put: 'return new Map()',
  }),
  one('nobody asks the tags what a lost status stood for', 'reconciler/steps/restore.ts', {
    find: 'const owned = await ownedEntries(pass, scope, pass.deps.kind.resources)',
    put: 'const owned: Inventory = new Map()',
  }),
  one('an edit during a pass is lost', 'runtime/queue.ts', {
    find: 'if (again !== undefined && !this.#isDelayed(again)) this.#ready.push(again)',
    put: 'if (again !== undefined) this.#items.delete(key)',
  }),
  one('what vanished between two lists stays in the store', 'runtime/indexed-store.ts', {
    find: 'this.#objects = next.#objects\n    this.#keys',
    put: 'this.#objects = new Map([...before, ...next.#objects])\n    this.#keys',
  }),
  one('a watch that is too old is tried for ever', 'kube/reflector.ts', {
    find: "new Set(['expired', 'invalid'])",
    put: 'new Set([])',
  }),
  one('sweeps report nothing', 'runtime/sweeper.ts', {
    find: 'for (const key of found) enqueue(key, { priority: PRIORITY.drift })',
    put: '',
  }),
  one('what others wait for goes first', 'reconciler/target.ts', {
    find: '.filter((entry) => !needed.has(entry.name))',
    put: '',
  }),
  one('what was just done is done again while AWS does not show it', 'reconciler/steps/converge.ts', {
    find: 'taken.get(targetKey(target)) ?? []',
    put: '[]',
  }),
]

/** The defect with this fact; throws when there is none. */
export function defectCalled(fact: string): Defect {
  const found = DEFECTS.find((defect) => defect.fact === fact)
  if (found === undefined) throw new Error(`no defect called "${fact}"`)
  return found
}
