import type { OperationAccount } from './coverage.ts'
import { MARKDOWN_HEADER, table } from './markdown.ts'

/** docs/coverage.md: how much of the AWS API each kind covers, and what is missing and why. */
export function coveragePage(accounts: readonly OperationAccount[]): string {
  return [
    MARKDOWN_HEADER,
    '# What of the AWS API is covered',
    'Counted are the leaves of every operation input that a kind sends, read from the schemas in the AWS SDK. *Modelled*: a ' +
      'field of the same name and place. *Said otherwise*: another field or the operator itself says it. *Left out*: with ' +
      'the reason below. *Open*: not decided yet. How thousands of spoilt manifests fare is in [behaviour.md](behaviour.md).',
    scores(accounts),
    ...accounts.flatMap(details),
  ].join('\n\n')
}

function scores(accounts: readonly OperationAccount[]): string {
  const rows = accounts.map((account) => [
    account.kind,
    `${account.service}:${account.operation}`,
    `${account.members.length}`,
    `${count(account, 'modelled')}`,
    `${count(account, 'said-as')}`,
    `${count(account, 'not-modelled')}`,
    `${count(account, 'open')}`,
    `${Math.floor(100 * (1 - count(account, 'open') / Math.max(1, account.members.length)))} %`,
  ])
  const titles = ['Kind', 'Operation', 'Members', 'Modelled', 'Said otherwise', 'Left out', 'Open', 'Accounted for']
  return table(titles, rows)
}

type AccountType = OperationAccount['members'][number]['account']['type']

function count({ members }: OperationAccount, type: AccountType): number {
  return members.filter(({ account }) => account.type === type).length
}

function details(operation: OperationAccount): readonly string[] {
  const rows = operation.members.flatMap(({ member, account }) => {
    switch (account.type) {
      case 'modelled':
        return []
      case 'said-as':
        return [[`\`${member}\``, `said as ${account.place}`]]
      case 'not-modelled':
        return [[`\`${member}\``, account.reason]]
      case 'open':
        return [[`\`${member}\``, '**open**']]
    }
  })
  if (rows.length === 0) return []
  return [`## ${operation.kind}: ${operation.service}:${operation.operation}`, table(['Member', 'Account'], rows)]
}
