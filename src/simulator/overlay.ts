import type { Overlay } from './constraint.ts'

/** Constraints that the SDK's schemas lack, by signing name; generated from AWS's service models. */
export const OVERLAYS: Readonly<Record<string, Overlay>> = {}
