import type { OperatorConfig } from '../config.ts'

/** Runs the operator until the signal fires and everything has stopped; answers the exit code. */
export declare function run(config: OperatorConfig, signal: AbortSignal): Promise<number>
