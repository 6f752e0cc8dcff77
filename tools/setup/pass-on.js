import { constants } from 'node:os'
import { exit, stdin } from 'node:process'
import { say } from './command.js'

/** Makes this process stand for `child`: signals go to it, and its exit code becomes ours. */
export function passOn(child) {
  const forward = (signal) => child.kill(signal)
  // A terminal sends its Ctrl-C to the child as well; a second one would read as "stop waiting, now".
  process.on('SIGINT', stdin.isTTY ? () => {} : forward)
  process.on('SIGTERM', forward)
  process.on('SIGHUP', forward)
  child.on('error', (error) => {
    say(`error: ${error.message}`)
    exit(1)
  })
  child.on('exit', (code, signal) => exit(code ?? 128 + constants.signals[signal]))
}
