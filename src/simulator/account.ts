/** The account of access keys that neither the mapping nor the key itself places elsewhere. */
export const DEFAULT_ACCOUNT_ID = '123456789012'

/** Access key ids, and the accounts that they belong to. */
export type AccountsByKey = Readonly<Record<string, string>>

/**
 * The account of an access key: from the mapping, else from the twelve digits that a key such as `AKIA210987654321ABCD`
 * carries, else the default account. Keys that the simulator's STS hands out carry their account.
 */
export function accountOf(accessKeyId: string, accounts: AccountsByKey): string {
  return accounts[accessKeyId] ?? /^A[KS]IA(\d{12})/.exec(accessKeyId)?.[1] ?? DEFAULT_ACCOUNT_ID
}

/** A temporary access key that carries its account; `serial` tells the keys of an account apart. */
export function temporaryKeyFor(accountId: string, serial: number): string {
  return `ASIA${accountId}${serial.toString(36).toUpperCase().padStart(4, '0')}`
}

/** The user that a lasting access key belongs to: IAM is not simulated, so that each key has one of its own name. */
export function userArnOf(
  partition: string,
  { accountId, accessKeyId }: { readonly accountId: string; readonly accessKeyId: string },
): string {
  return `arn:${partition}:iam::${accountId}:user/${accessKeyId}`
}

/** The partition that a region is part of. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Domain under which the partition's endpoints live. */
export function dnsSuffixOf(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}
