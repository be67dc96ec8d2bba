import { UsageError } from '../ops/report/errors.js'

/**
 * What `--list` shows is no result, so that there is nothing to test or to annotate.
 *
 * @throws UsageError for a format that is made of results
 */
export function requireListFormat(
  command: string,
  { reporter = 'text', output = [] }: { reporter?: string | undefined; output?: string[] | undefined },
): void {
  const formats = [reporter, ...output.map((each) => each.split('=')[0]!)]
  const digests = formats.filter((format) => format !== 'text' && format !== 'json')
  if (digests.length === 0) return
  throw new UsageError('CONFLICTING_FLAGS', `--list has nothing to say as ${digests.join(', ')}.`, [
    `cache ${command} --list --json`,
  ])
}
