/** A binary heap whose members know their place, so that any of them can be taken out again in O(log n). */
export class Heap<T extends object> {
  readonly #isBefore: (a: T, b: T) => boolean
  readonly #members: T[] = []
  readonly #places = new Map<T, number>()

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#members.length
  }

  peek(): T | undefined {
    return this.#members[0]
  }

  push(member: T): void {
    this.#put(member, this.#members.length)
    this.#rise(this.#members.length - 1)
  }

  pop(): T | undefined {
    const first = this.#members[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Takes `member` out; answers whether it was in. */
  remove(member: T): boolean {
    const place = this.#places.get(member)
    if (place === undefined) return false
    this.#places.delete(member)

    const last = this.#members.pop()
    if (last === undefined || last === member) return true
    this.#put(last, place)
    this.#sink(this.#rise(place))
    return true
  }

  #put(member: T, place: number): void {
    this.#members[place] = member
    this.#places.set(member, place)
  }

  #rise(from: number): number {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#swapIfBefore(place, parent)) return place
      place = parent
    }
    return place
  }

  #sink(from: number): void {
    let place = from
    for (;;) {
      const child = this.#smallerChild(place)
      if (!this.#swapIfBefore(child, place)) return
      place = child
    }
  }

  #smallerChild(place: number): number {
    const left = this.#members[2 * place + 1]
    const right = this.#members[2 * place + 2]
    if (left !== undefined && right !== undefined && this.#isBefore(right, left)) return 2 * place + 2
    return 2 * place + 1
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const below = this.#members[lower]
    const above = this.#members[upper]
    if (below === undefined || above === undefined || !this.#isBefore(below, above)) return false
    this.#put(below, upper)
    this.#put(above, lower)
    return true
  }
}
