/** A program that is shipped: one bundled file in `dist/`, made from one entry point. */
export interface Program {
  /** Of the bundle, without `.js`. */
  readonly name: string
  /** Relative to the root. */
  readonly entryPoint: string
}

export const OPERATOR: Program = { name: 'longshore', entryPoint: 'src/main.ts' }

/** A program of its own, so that what users run in production holds none of it. */
const SIMULATOR: Program = { name: 'longshore-simulate-aws', entryPoint: 'src/simulator/main.ts' }

export const PROGRAMS: readonly Program[] = [OPERATOR, SIMULATOR]
