import { textOf, type HttpAnswer, type HttpRequest, type ParsedInput } from './http.ts'
import { parseJsonDocument, toJson } from './json.ts'
import type { Operation, ServiceModel } from './model.ts'
import { parseForm, readForm } from './query.ts'
import { matchRoute, parseRestRequest, writeRestAnswer } from './rest.ts'
import type { Protocol, Wire } from './wire.ts'
import { element, membersToXml, rootElement } from './xml.ts'

/** The server side of one AWS protocol. */
export interface Codec {
  /** Name of the operation that a request asks for; undefined: the request names none. */
  readonly operationName: (request: HttpRequest, model: ServiceModel) => string | undefined
  readonly parse: (request: HttpRequest, operation: Operation) => ParsedInput
  readonly write: (value: Readonly<Record<string, unknown>>, operation: Operation, answer: AnswerContext) => HttpAnswer
}

/** What an answer needs to know besides its value. */
export interface AnswerContext {
  readonly wire: Wire
  readonly requestId: string
}

export function codecFor(protocol: Protocol): Codec {
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return jsonCodec
    case 'rest-json':
      return restCodec
    case 'query':
    case 'ec2-query':
      return queryCodec(protocol)
  }
}

const jsonCodec: Codec = {
  // SDKs differ in how much stands before it: CloudTrail's target has dots of its own in botocore.
  operationName: (request) => request.headers['x-amz-target']?.split('.').at(-1),
  parse: (request, operation) => parseJsonDocument(textOf(request.body), operation.input, 'member-names'),
  write: (value, operation, { wire }) => ({
    status: 200,
    headers: { 'content-type': contentTypeOf(wire.protocol) },
    body: JSON.stringify(toJson(value, operation.output, 'member-names')),
  }),
}

const restCodec: Codec = {
  operationName: (request, model) => matchRoute(model.operations.values(), request)?.name,
  parse: parseRestRequest,
  write: (value, operation) => writeRestAnswer(value, operation),
}

function queryCodec(protocol: 'query' | 'ec2-query'): Codec {
  return {
    operationName: (request) => formActionOf(request),
    parse: (request, operation) =>
      readForm(parseForm(textOf(request.body)), operation.input, protocol === 'query' ? 'query' : 'ec2'),
    write: (value, operation, answer) => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: protocol === 'query' ? queryDocument(value, operation, answer) : ec2Document(value, operation, answer),
    }),
  }
}

/** The `Action` of a form body; undefined: there is none. */
export function formActionOf(request: HttpRequest): string | undefined {
  return new URLSearchParams(textOf(request.body)).get('Action') ?? undefined
}

function queryDocument(value: Readonly<Record<string, unknown>>, operation: Operation, answer: AnswerContext): string {
  const result = element(`${operation.name}Result`, membersToXml(value, operation.output))
  const metadata = element('ResponseMetadata', element('RequestId', answer.requestId))
  return rootElement(`${operation.name}Response`, answer.wire.xmlNamespace, result + metadata)
}

function ec2Document(value: Readonly<Record<string, unknown>>, operation: Operation, answer: AnswerContext): string {
  const members = membersToXml(value, operation.output)
  return rootElement(
    `${operation.name}Response`,
    answer.wire.xmlNamespace,
    element('requestId', answer.requestId) + members,
  )
}

/** What the answers of a protocol call themselves. */
export function contentTypeOf(protocol: Protocol): string {
  switch (protocol) {
    case 'json-1.0':
      return 'application/x-amz-json-1.0'
    case 'json-1.1':
      return 'application/x-amz-json-1.1'
    case 'rest-json':
      return 'application/json'
    case 'query':
    case 'ec2-query':
      return 'text/xml'
  }
}
