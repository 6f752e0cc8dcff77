/** Some of the input of a task. Its bytes belong to nobody else: they move from thread to thread. */
export interface InputPart {
  /** Which of several inputs it belongs to, in the task's own order. */
  readonly source: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface WorkerResult {
  /** Copied, so something small. */
  readonly value: unknown
  /** Moved. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export type ToWorker = { readonly type: 'part'; readonly part: InputPart } | { readonly type: 'end' }

export type FromWorker =
  /** A part was taken: there is room for another one. */
  | { readonly type: 'taken' }
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'result'; readonly result: WorkerResult }
