import type { Slot, Wishes } from './slots.ts'

/** What makes a call to AWS go wrong. */
export type AwsTrouble =
  | 'throttle'
  | 'unavailable'
  | 'denied'
  | 'lost before effect'
  | 'lost after effect'
  /** The answer is lost, and the call takes effect seconds later. */
  | 'lost and late'
  /** The answer comes just before anybody gives up, or after that; a create takes effect no sooner. */
  | 'slow'
  | 'too slow'
  | 'answers with the past'
  /** It does not like what the call says; only writes can be wrong about anything. */
  | 'refused'

/** What makes a call to the API server go wrong. */
export type KubeTrouble = 'conflict' | 'throttled' | 'unavailable' | 'timeout before effect' | 'timeout after effect'

/** What becomes of a watch that is opened: refused, gone (every version so far is too old), or accepted and then silent. */
export type WatchTrouble = 'gone' | 'throttled' | 'unavailable' | 'silent'

/** Which calls go wrong. */
export type Reach = 'any' | 'read' | 'write'

/** One thing that happens in a history. */
export type Step = Deed | Mishap

/** What people do. */
export type Deed =
  | { readonly type: 'apply'; readonly slot: Slot; readonly change: Partial<Wishes> }
  | { readonly type: 'delete'; readonly slot: Slot }
  | { readonly type: 'annotate'; readonly slot: Slot; readonly name: string; readonly value: string | null }
  | { readonly type: 'console'; readonly slot: Slot; readonly deed: 'change' | 'delete' }
  | { readonly type: 'stranger'; readonly slot: Slot }
  | { readonly type: 'lose-status'; readonly slot: Slot }
  /** Somebody else, as a leader of before or a backup, writes that it is not Ready. */
  | { readonly type: 'spoil-status'; readonly slot: Slot }

/** What goes wrong around the operator, and time. */
export type Mishap =
  | {
      readonly type: 'aws-trouble'
      readonly trouble: AwsTrouble
      readonly reach: Reach
      readonly skip: number
      readonly count: number
    }
  | {
      readonly type: 'kube-trouble'
      readonly trouble: KubeTrouble
      readonly reach: Reach
      readonly skip: number
      readonly count: number
    }
  | { readonly type: 'wrong-account'; readonly seconds: number }
  /** All watches end; the next ones meet this. */
  | { readonly type: 'cut-watches'; readonly trouble: WatchTrouble | 'none'; readonly count: number }
  | { readonly type: 'lag'; readonly seconds: number }
  /** The API server answers nobody. */
  | { readonly type: 'outage'; readonly seconds: number }
  | { readonly type: 'crash'; readonly afterCalls: number }
  /** Another replica waits to lead, with stores that follow the cluster; deaf: nothing reaches it after its first lists. */
  | { readonly type: 'stand-by'; readonly isDeaf: boolean }
  /** Another replica takes over; the old one lives on for so long, in the belief that it leads until it looks. */
  | { readonly type: 'hand-over'; readonly seconds: number }
  | { readonly type: 'wait'; readonly seconds: number }

export type History = readonly Step[]

/** A history as one can tell it. */
export function inWords(steps: History): string {
  return steps.map((one, index) => `${String(index + 1).padStart(3)}. ${wordsFor(one)}`).join('\n')
}

function wordsFor(one: Step): string {
  switch (one.type) {
    case 'apply':
      return `a user applies ${one.slot}${wordsForChange(one.change)}`
    case 'delete':
      return `a user deletes ${one.slot}`
    case 'annotate':
      return `a user ${one.value === null ? `takes ${one.name} off` : `sets ${one.name} to ${one.value} on`} ${one.slot}`
    case 'console':
      return `somebody ${one.deed}s what ${one.slot} stands for in AWS by hand`
    case 'stranger':
      return `a stranger makes an AWS object under the name of ${one.slot}`
    case 'lose-status':
      return `the status of ${one.slot} is lost`
    case 'spoil-status':
      return `somebody writes into the status of ${one.slot} that AWS is not available`
    default:
      return wordsForMishap(one)
  }
}

function wordsForMishap(one: Mishap): string {
  switch (one.type) {
    case 'wrong-account':
      return `the credentials are those of another account for ${one.seconds} s`
    case 'cut-watches':
      return `the watches are cut${wordsForCut(one)}`
    case 'lag':
      return `what the watches say comes late for ${one.seconds} s`
    case 'outage':
      return `the API server answers nobody for ${one.seconds} s`
    case 'crash':
      return `the operator dies ${one.afterCalls} halves of calls from now and starts again`
    case 'stand-by':
      return `another replica stands by${one.isDeaf ? ', and its watches fall silent' : ''}`
    case 'hand-over':
      return `another replica takes over, and the old one lives on for ${one.seconds} s`
    case 'wait':
      return `${one.seconds} s pass`
    case 'aws-trouble':
    case 'kube-trouble':
      return wordsForTrouble(one)
  }
}

function wordsForCut({ trouble, count }: Mishap & { readonly type: 'cut-watches' }): string {
  if (trouble === 'none') return ''
  return trouble === 'gone' ? ', and where they would go on is forgotten' : `, and the next ${count} are ${trouble}`
}

function wordsForChange(wished: Partial<Wishes>): string {
  const parts = Object.entries(wished).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`
}

function wordsForTrouble(one: Mishap & { readonly type: 'aws-trouble' | 'kube-trouble' }): string {
  const whose = one.type === 'aws-trouble' ? 'AWS' : 'Kubernetes'
  const after = one.skip === 0 ? '' : `, after the next ${one.skip},`
  return `${whose}: ${one.count} ${one.reach === 'any' ? '' : `${one.reach} `}calls${after} meet: ${one.trouble}`
}
