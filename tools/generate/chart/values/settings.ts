import * as z from 'zod'
import { OperatorSettings } from '../../../../src/app/config.ts'

/** The operator's own settings as chart values: the same words, as numbers, booleans and lists where they are such. */
export const settings = {
  ...OperatorSettings.shape,
  // In a pod a port has to be known beforehand.
  httpPort: z.int().min(1).max(65535).default(8080).describe('Port of health and metrics.'),
}
