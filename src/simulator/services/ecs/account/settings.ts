import type {
  ListAccountSettingsRequest,
  ListAccountSettingsResponse,
  PutAccountSettingDefaultRequest,
  PutAccountSettingRequest,
  PutAccountSettingResponse,
  Setting,
  SettingName,
} from '@aws-sdk/client-ecs'
import { invalidParameter } from '../faults.ts'
import { byText, pageOf } from '../paging.ts'
import type { EcsState } from '../state.ts'
import type { World } from '../world.ts'

const SWITCH = ['enabled', 'disabled', 'on', 'off']

interface KnownSetting {
  readonly initial: string
  readonly values: readonly string[]
}

/** Values and initial values: Amazon ECS API Reference, PutAccountSetting; Developer Guide, Account settings. */
const KNOWN: ReadonlyMap<SettingName, KnownSetting> = new Map<SettingName, KnownSetting>([
  ['serviceLongArnFormat', { initial: 'enabled', values: SWITCH }],
  ['taskLongArnFormat', { initial: 'enabled', values: SWITCH }],
  ['containerInstanceLongArnFormat', { initial: 'enabled', values: SWITCH }],
  ['awsvpcTrunking', { initial: 'disabled', values: SWITCH }],
  ['containerInsights', { initial: 'disabled', values: ['enabled', 'disabled', 'enhanced'] }],
  ['fargateFIPSMode', { initial: 'disabled', values: SWITCH }],
  ['tagResourceAuthorization', { initial: 'off', values: SWITCH }],
  ['fargateTaskRetirementWaitPeriod', { initial: '7', values: ['0', '7', '14'] }],
  ['fargateEventWindows', { initial: 'disabled', values: SWITCH }],
  ['defaultLogDriverMode', { initial: 'non-blocking', values: ['blocking', 'non-blocking'] }],
  // Set by GuardDuty on the account's behalf; read-only here.
  ['guardDutyActivate', { initial: 'off', values: [] }],
])

/** What applies when nobody has set anything else. */
export const effectiveSetting = (state: EcsState, name: SettingName): string =>
  state.accountSettings[name] ?? KNOWN.get(name)?.initial ?? ''

const rootArn = ({ call }: World): string => `arn:${call.partition}:iam::${call.accountId}:root`

const present = (world: World, name: SettingName): Setting => ({
  name,
  value: effectiveSetting(world.state, name),
  principalArn: rootArn(world),
  type: name === 'guardDutyActivate' ? 'aws_managed' : 'user',
})

/**
 * PutAccountSetting and PutAccountSettingDefault. All callers of an account are one principal here, so that a default
 * and a setting are the same.
 */
export function putAccountSetting(
  { name, value = '' }: PutAccountSettingRequest | PutAccountSettingDefaultRequest,
  world: World,
): PutAccountSettingResponse {
  const known = name === undefined ? undefined : KNOWN.get(name)
  if (!known || name === undefined) throw invalidParameter('Invalid setting name.')
  if (!known.values.includes(value)) throw invalidParameter(`Invalid setting value: ${value}.`)

  world.state.accountSettings[name] = value
  return { setting: present(world, name) }
}

function matches(input: ListAccountSettingsRequest, { name, value }: Setting): boolean {
  if (input.name !== undefined && input.name !== name) return false
  return input.value === undefined || input.value === value
}

/** ListAccountSettings: what was set, or everything that applies with `effectiveSettings`. */
export function listAccountSettings(input: ListAccountSettingsRequest, world: World): ListAccountSettingsResponse {
  if (input.value !== undefined && input.name === undefined)
    throw invalidParameter('The name must be specified when the value is specified.')

  const settings = [...KNOWN.keys()]
    .toSorted(byText)
    .filter((name) => input.effectiveSettings === true || world.state.accountSettings[name] !== undefined)
    .map((name) => present(world, name))
    .filter((setting) => matches(input, setting))
  const { items, nextToken } = pageOf(settings, ({ name }) => name ?? '', {
    operation: 'ListAccountSettings',
    ...input,
  })
  return { settings: [...items], nextToken }
}
