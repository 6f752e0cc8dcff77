import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TrailPort, TrailQuery } from '../../../../aws/cloudtrail.ts'
import type { TrailEvent } from '../../../../aws/trail-event.ts'
import { searchTrail, type Suspect } from './search.ts'

const live = new AbortController().signal

const suspects: readonly Suspect[] = ['a', 'b'].map((id) => ({
  type: 'toy',
  id,
  trail: {
    causes: { change: ['ecs:UpdateToy'], tag: ['ecs:TagResource'] },
    isAbout: (parameters: unknown, key: string) => Object(parameters).toy === key,
  },
}))

function event(call: string, at: number, toy: string): TrailEvent {
  const nobody = { type: 'IAMUser', arn: undefined, userName: undefined, sessionName: undefined, invokedBy: undefined }
  const rest = { userAgent: '', from: undefined, isConsoleSession: false, errorCode: undefined }
  return { id: `${call} ${at}`, call, at, principal: nobody, parameters: { toy }, ...rest }
}

/** Answers with these pages of each name, again and again the last where `isEndless`. */
function trailOf(pages: Readonly<Record<string, readonly (readonly TrailEvent[])[]>>, isEndless = false) {
  const asked: TrailQuery[] = []
  const port: TrailPort = {
    lookUp: (query) => {
      asked.push(query)
      const all = pages[query.eventName] ?? [[]]
      const index = Number(query.nextToken ?? 0)
      const nextToken = isEndless || index + 1 < all.length ? String(index + 1) : undefined
      return Promise.resolve({ events: all[index] ?? all.at(-1) ?? [], nextToken })
    },
  }
  return { port, asked }
}

test('each name is asked for once, however many things and steps it stands for', async () => {
  const { port, asked } = trailOf({})

  await searchTrail(port, suspects, live)

  assert.deepEqual(
    asked.map(({ eventName }) => eventName),
    ['UpdateToy', 'TagResource'],
  )
})

test('all pages are read, and what is found comes newest first', async () => {
  const { port } = trailOf({
    UpdateToy: [[event('ecs:UpdateToy', 30, 'a')], [event('ecs:UpdateToy', 10, 'b')]],
    TagResource: [[event('ecs:TagResource', 20, 'a')]],
  })

  const { calls, gaps } = await searchTrail(port, suspects, live)

  assert.deepEqual(
    calls.map(({ id, event: { at } }) => [id, at]),
    [
      ['a', 30],
      ['a', 20],
      ['b', 10],
    ],
  )
  assert.deepEqual(gaps, [])
})

test('calls about other things, and of the same name to other services, are not found', async () => {
  const { port } = trailOf({ TagResource: [[event('sns:TagResource', 2, 'a'), event('ecs:TagResource', 1, 'c')]] })

  assert.deepEqual((await searchTrail(port, suspects, live)).calls, [])
})

test('where a name has too many calls the search ends, and says how far back it came', async () => {
  const page = [event('ecs:UpdateToy', 7, 'a'), event('ecs:UpdateToy', 5, 'x')]
  const { port, asked } = trailOf({ UpdateToy: [page], TagResource: [[]] }, true)

  const { gaps } = await searchTrail(port, suspects, live)

  assert.equal(asked.filter(({ eventName }) => eventName === 'UpdateToy').length, 10)
  assert.deepEqual(gaps[0], { eventName: 'UpdateToy', lookedAt: 20, since: 5 })
})
