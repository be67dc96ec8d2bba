import type * as Engine from './audit.js'
import { EnvironmentError } from '../report/errors.js'

/**
 * The audit engine, loaded when it is needed.
 *
 * @throws EnvironmentError where `typescript` is not installed, or is a version without the compiler API
 */
export async function loadAudit(): Promise<typeof Engine> {
  let engine: typeof Engine
  try {
    engine = await import('./audit.js')
  } catch (error) {
    if (!isMissing(error, 'typescript')) throw error
    throw unusable(
      'TYPESCRIPT_MISSING',
      'The audit reads code with the package typescript, which is not installed.',
    )
  }
  if (engine.hasCompilerApi()) return engine
  throw unusable(
    'TYPESCRIPT_UNUSABLE',
    'The installed package typescript has no compiler API that the audit can use.',
  )
}

function isMissing(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${name}'`)
  )
}

function unusable(code: string, message: string): EnvironmentError {
  return new EnvironmentError(code, message, ['npm install --save-dev typescript@6.0.3'])
}
