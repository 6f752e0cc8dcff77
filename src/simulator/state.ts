import type { AnyService } from './service.ts'

/** Where a state belongs: services of scope `world` share one for all accounts. */
export interface StateKey {
  readonly accountId: string
  readonly region: string
}

/** One service's state in one place. */
export interface Cell extends StateKey {
  readonly service: AnyService
  readonly state: unknown
}

/** Every service's state, by account and region; made on first use. */
export class StateStore {
  readonly #cells = new Map<string, Cell>()

  cell(service: AnyService, { accountId, region }: StateKey): Cell {
    const place = service.stateScope === 'world' ? { accountId: '*', region: '*' } : { accountId, region }
    const key = `${service.id}/${place.accountId}/${place.region}`
    const known = this.#cells.get(key)
    if (known) return known
    const cell = { service, ...place, state: service.createState() }
    this.#cells.set(key, cell)
    return cell
  }

  all(): readonly Cell[] {
    return [...this.#cells.values()]
  }

  clear(): void {
    this.#cells.clear()
  }
}

/** Maps and sets as JSON shows them. */
export function toPlain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  return value instanceof Set ? [...value] : value
}
