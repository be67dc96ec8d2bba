import { OperatorError } from '../../library/backends/operator-error.js'
import { ActionableError } from '../report/errors.js'
import type { ReportError } from '../report/report.js'
import { toEnvironmentError } from './server-error.js'

/** Whether a server was only not waited for any longer, because somebody stopped us. */
export function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof OperatorError && thrown.code === 'ABORTED'
}

/** An expected failure as a part of the report that holds what was done until then; a bug is thrown on. */
export function asReportError(thrown: unknown): ReportError {
  const error = toEnvironmentError(thrown)
  if (!(error instanceof ActionableError)) throw error
  const { kind, code, message, suggestions } = error
  return { kind, code, message, suggestions }
}
