import * as z from 'zod'

// An account, an IAM user, role or session, or an AWS service ("AWS JSON policy elements: Principal").
const PRINCIPAL =
  /^([0-9]{12}|arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:[A-Za-z0-9_+=,.@/-]+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/

/** Those to whom a repository policy gives access. */
export const Principals = z
  .array(z.string().min(12).max(256).regex(PRINCIPAL))
  .max(100)
  .meta({ 'x-kubernetes-list-type': 'set' })
