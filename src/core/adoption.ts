/** Whether an object's owner asks to take over what exists in AWS without being ours (`longshore.dev/adopt`). */
export function asksToAdopt(requests: Readonly<Record<string, string>>): boolean {
  return requests['adopt'] === 'true' || requests['adopt'] === 'accept'
}
