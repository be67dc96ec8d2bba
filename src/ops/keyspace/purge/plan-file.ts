import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { EnvironmentError, SafetyError, UsageError } from '../../report/errors.js'
import type { MethodReport, PurgePlan, SelectionReport } from '../../report/purge-report.js'
import type { TargetReport } from '../../report/keys-report.js'

export const PLAN_SCHEMA = 'cache.purge-plan/1'

/** What somebody reviews before it is carried out. Holds no credential; keys in it are masked. */
export interface PlanFile {
  schema: typeof PLAN_SCHEMA
  /** When it was made, ISO 8601. */
  at: string
  target: TargetReport
  selection: SelectionReport
  method: MethodReport
  plan: PurgePlan
  /** SHA-256 of the rest; shows that somebody changed it, by accident, after it was made. */
  digest: string
}

/** @throws UsageError when there is such a file already; EnvironmentError when it cannot be written */
export async function writePlan(
  path: string,
  content: Omit<PlanFile, 'schema' | 'at' | 'digest'>,
): Promise<void> {
  const body = { schema: PLAN_SCHEMA, at: new Date().toISOString(), ...content }
  const text = `${JSON.stringify({ ...body, digest: digestOf(body) }, null, 2)}\n`
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new UsageError('PLAN_EXISTS', `--plan: there is a file ${JSON.stringify(path)} already.`, [
        'name another one, or remove it',
      ])
    }
    throw new EnvironmentError(
      'PLAN_NOT_WRITTEN',
      `The plan cannot be written: ${(error as Error).message}.`,
      ['--plan FILE, in a directory that you may write to'],
      { cause: error },
    )
  }
}

/** @throws UsageError for what is no plan of this version; SafetyError for one that was changed since it was made */
export async function readPlan(path: string): Promise<PlanFile> {
  const shown = JSON.stringify(path)
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message
    throw new UsageError('NO_PLAN', `--apply-plan: ${shown} cannot be read: ${reason}.`, [MAKE_ONE], {
      cause: error,
    })
  }
  if (typeof parsed !== 'object' || parsed === null || (parsed as PlanFile).schema !== PLAN_SCHEMA) {
    throw new UsageError('NO_PLAN', `--apply-plan: ${shown} is not a plan of this version.`, [MAKE_ONE])
  }
  const { digest, ...body } = parsed as PlanFile
  if (digest !== digestOf(body)) {
    throw new SafetyError(
      'PLAN_CHANGED',
      `The plan in ${shown} is not as it was made: somebody changed it.`,
      [MAKE_ONE],
    )
  }
  return parsed as PlanFile
}

const MAKE_ONE = 'make a new one: cache keys purge FAMILY --plan FILE'

function digestOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}
