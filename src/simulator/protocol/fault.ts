import type { AwsFault } from '../service.ts'
import { contentTypeOf, type AnswerContext } from './codec.ts'
import type { HttpAnswer } from './http.ts'
import { toJson } from './json.ts'
import type { ErrorModel, ServiceModel } from './model.ts'
import { element, escapeXml, membersToXml, rootElement } from './xml.ts'

/** Writes an error in the envelope of the service's protocol. Codes that the model lacks are AWS's common errors. */
export function writeFault(fault: AwsFault, model: ServiceModel | undefined, answer: AnswerContext): HttpAnswer {
  const known = model?.errors.get(fault.code)
  const { wire } = answer
  if (wire.protocol === 'query' || wire.protocol === 'ec2-query') return xmlFault(fault, known, answer)
  const code = known?.name ?? fault.code
  return {
    status: statusOf(fault, known),
    headers: {
      'content-type': contentTypeOf(wire.protocol),
      'x-amzn-errortype': code,
      ...(wire.isQueryCompatible && { 'x-amzn-query-error': `${known?.queryCode ?? code};${senderOf(fault, known)}` }),
    },
    body: JSON.stringify({ ...(wire.protocol !== 'rest-json' && { __type: code }), ...faultMembers(fault, known) }),
  }
}

function faultMembers(fault: AwsFault, known: ErrorModel | undefined): object {
  const name = known?.shape.members.has('Message') ? 'Message' : 'message'
  return {
    [name]: fault.message,
    ...(known ? Object(toJson(fault.members, known.shape, 'json-names')) : fault.members),
  }
}

function xmlFault(fault: AwsFault, known: ErrorModel | undefined, { wire, requestId }: AnswerContext): HttpAnswer {
  const code = element('Code', known?.queryCode ?? fault.code)
  const message = element('Message', escapeXml(fault.message))
  const members = known ? membersToXml(fault.members, known.shape) : ''
  const body =
    wire.protocol === 'ec2-query'
      ? `<Response>${element('Errors', element('Error', code + message))}${element('RequestID', requestId)}</Response>`
      : rootElement(
          'ErrorResponse',
          wire.xmlNamespace,
          queryError(element('Type', senderOf(fault, known)) + code + message + members, requestId),
        )
  return { status: statusOf(fault, known), headers: { 'content-type': 'text/xml' }, body }
}

function queryError(error: string, requestId: string): string {
  return element('Error', error) + element('RequestId', requestId)
}

/** Statuses of AWS's common errors that are not 400; source: the "Common Errors" page of the services' API references. */
const COMMON_STATUS: Readonly<Record<string, number>> = {
  InternalFailure: 500,
  InternalError: 500,
  ServiceUnavailable: 503,
  RequestLimitExceeded: 503,
  UnknownOperationException: 404,
  // Query services answer these with 403, the JSON ones with 400 and codes that end in Exception.
  AccessDenied: 403,
  UnauthorizedOperation: 403,
  SignatureDoesNotMatch: 403,
  InvalidClientTokenId: 403,
  MissingAuthenticationToken: 403,
  ExpiredToken: 403,
}

/** HTTP status of an error; `known` is its entry in the service's model, if it has one. */
export function statusOf(fault: AwsFault, known: ErrorModel | undefined): number {
  return fault.status ?? known?.status ?? COMMON_STATUS[fault.code] ?? 400
}

function senderOf(fault: AwsFault, known: ErrorModel | undefined): 'Sender' | 'Receiver' {
  return statusOf(fault, known) < 500 ? 'Sender' : 'Receiver'
}
