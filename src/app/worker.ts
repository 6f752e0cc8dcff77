import { serveWorker } from '../runtime/worker-server.ts'
import { packTask } from './commands/pack/pack-task.ts'

/** What the program does in threads of its own. */
export async function runWorker(): Promise<void> {
  await serveWorker({ pack: packTask })
}
