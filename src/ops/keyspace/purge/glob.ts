import { UsageError } from '../../report/errors.js'

const WILDCARD = /[*?[]/
const EXAMPLE = "--match 'session:old:*'"

/**
 * Refuses a glob that could reach anything: what it means must be legible from its beginning.
 *
 * @throws UsageError for an empty glob, and for one that begins with `*`, `?` or `[`
 */
export function requireNarrow(glob: string): void {
  if (glob === '') {
    throw new UsageError('BROAD_GLOB', '--match: the glob is empty.', [EXAMPLE])
  }
  if (!WILDCARD.test(glob[0]!)) return
  const shown = JSON.stringify(glob.slice(0, 100))
  const why = /^\*+$/.test(glob)
    ? 'is every key there is'
    : 'begins with a wildcard, so it reaches into every family'
  throw new UsageError('BROAD_GLOB', `--match: ${shown} ${why}.`, [
    'purge one family by its name: cache keys families lists them',
    `or begin with the words that the keys begin with: ${EXAMPLE}`,
  ])
}
