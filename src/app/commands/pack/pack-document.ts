import { decide, type DecisionTools } from './decide.ts'
import { createDocumentReader, readDocument } from './document-reader.ts'
import { planDocument } from './plan-document.ts'
import { createProblemReader } from './problem-reader.ts'
import { systemTools } from './system-tools.ts'

/** The whole command for a document that is in memory already. Throws an `InputProblem` that names the field. */
export function packDocument(input: unknown, tools: DecisionTools = systemTools): ReturnType<typeof planDocument> {
  const reader = createProblemReader()
  readDocument(input, createDocumentReader(reader, undefined))
  return planDocument(decide(reader.finish(), tools))
}
