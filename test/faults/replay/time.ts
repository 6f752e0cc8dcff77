import { setTimeout } from 'node:timers/promises'

/**
 * How many times as fast as ours simulated AWS lives: rollouts take seconds, and what the operator waits for on its side
 * (pauses after failures, the passage of processes) takes as long as it takes.
 */
export const SPEED = 60

/** What goes on without waiting for AWS needs real time: passes, watches, the start of a process. */
const UNSCALED_SECONDS = 0.5

/** How long of our time a history waits for so much of its own. */
export function realSecondsOf(virtualSeconds: number): number {
  return Math.min(virtualSeconds, UNSCALED_SECONDS) + virtualSeconds / SPEED
}

export async function sleep(seconds: number): Promise<void> {
  await setTimeout(seconds * 1000)
}
