import { constants } from 'node:os'
import process, { env, exit, stdin } from 'node:process'
import { say } from './command.js'

const POLL_MILLISECONDS = 500

/** Makes this process stand for `child`: signals go to it, and its exit code becomes ours. */
export function passOn(child) {
  const forward = (signal) => child.kill(signal)
  // A terminal sends its Ctrl-C to the child as well; a second one would read as "stop waiting, now".
  process.on('SIGINT', stdin.isTTY ? () => {} : forward)
  process.on('SIGTERM', forward)
  process.on('SIGHUP', forward)
  if (env.npm_lifecycle_event) whenParentIsGone(() => forward('SIGTERM'))
  child.on('error', (error) => {
    say(`error: ${error.message}`)
    exit(1)
  })
  child.on('exit', (code, signal) => exit(code ?? 128 + constants.signals[signal]))
}

/** An npm that was killed tells nobody. (Its scripts begin with `exec`, so that it is our parent, not a shell.) */
function whenParentIsGone(act) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    act()
  }, POLL_MILLISECONDS)
}
