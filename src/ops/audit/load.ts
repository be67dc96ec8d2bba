import type Compiler from 'typescript'
import type * as Engine from './audit.js'
import type * as Keys from './keys-in-code.js'
import type * as Why from './why.js'
import { EnvironmentError } from '../report/errors.js'

/**
 * The audit engine, loaded when it is needed.
 *
 * @throws EnvironmentError where `typescript` is not installed, or is a version without the compiler API
 */
export async function loadAudit(): Promise<typeof Engine> {
  await requireCompiler()
  return await import('./audit.js')
}

/**
 * What finds the keys that code uses; loaded as the audit is.
 *
 * @throws EnvironmentError as `loadAudit`
 */
export async function loadKeysInCode(): Promise<typeof Keys> {
  await requireCompiler()
  return await import('./keys-in-code.js')
}

/**
 * What explains one line; loaded as the audit is.
 *
 * @throws EnvironmentError as `loadAudit`
 */
export async function loadWhy(): Promise<typeof Why> {
  await requireCompiler()
  return await import('./why.js')
}

async function requireCompiler(): Promise<void> {
  // Before the engine: its modules use the compiler as soon as they are loaded.
  const compiler = await compilerThere()
  if (compiler === 'missing') {
    throw unusable(
      'TYPESCRIPT_MISSING',
      'The audit reads code with the package typescript, which is not installed.',
    )
  }
  if (compiler === 'unusable') {
    throw unusable(
      'TYPESCRIPT_UNUSABLE',
      'The installed package typescript has no compiler API that the audit can use.',
    )
  }
}

async function compilerThere(): Promise<'usable' | 'unusable' | 'missing'> {
  try {
    const { default: ts } = (await import('typescript')) as { default?: Partial<typeof Compiler> }
    const isUsable = typeof ts?.createProgram === 'function' && typeof ts.forEachChild === 'function'
    return isUsable ? 'usable' : 'unusable'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return 'unusable'
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'missing'
    throw error
  }
}

function unusable(code: string, message: string): EnvironmentError {
  return new EnvironmentError(code, message, ['npm install --save-dev typescript@6.0.3'])
}
