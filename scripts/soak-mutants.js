import { readFile } from 'node:fs/promises'

/** Ways to break the library that the soak must find. Each replaces a piece of one file, which must be there once. */
export const mutants = {
  'journal-off': {
    what: 'nothing is ever found in the journal or delivered from it',
    file: 'src/library/cache/journal.ts',
    from: 'if (this.#max === 0) {',
    to: 'if (this.#max >= 0) {',
  },
  'no-fence': {
    what: 'a write is carried out however late it arrives',
    file: 'src/library/cache/store-script.ts',
    from: "if now > tonumber(ARGV[3]) then return {'late', now} end",
    to: '',
  },
  'tombstones-off': {
    what: 'del is a plain DEL',
    file: 'src/library/cache/redis-backed-cache.ts',
    from: "options.invalidation === 'tombstone' && scripts !== null",
    to: 'false',
  },
  'del-ignores-failures': {
    what: 'a del that fails is forgotten',
    file: 'src/library/cache/invalidation.ts',
    from: 'const lost = journal.add(key, longestTtlMs())',
    to: 'if (lostForEver) return outcome\n    const lost = journal.add(key, longestTtlMs())',
    before: 'const lostForEver = Number.isFinite(1)\n',
  },
  'breaker-never-closes': {
    what: 'a breaker that has opened stays open',
    file: 'src/library/resilience/circuit-breaker.ts',
    from: "this.#state = 'closed'\n",
    to: '\n',
  },
  'shared-flights': {
    what: 'a load is shared with callers of other keys',
    file: 'src/library/cache/single-flight.ts',
    from: 'const known = this.#flights.get(key)\n    const longestMs',
    to: 'const known = [...this.#flights.values()][0]\n    const longestMs',
  },
  'limiter-allows': {
    what: 'what is over the limit is allowed',
    file: 'src/library/rate-limit/sliding-window-counter.ts',
    from: 'allowed: answer.allowed,',
    to: 'allowed: true,',
  },
}

/** An esbuild plugin that damages one file as it is read. */
export function mutate({ file, from, to, before = '' }) {
  return {
    name: 'mutate',
    setup(build) {
      build.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        if (text.split(from).length !== 2)
          return { errors: [{ text: `the mutant's text is not there once: ${from}` }] }
        return { contents: `${before}${text.replace(from, () => to)}`, loader: 'ts' }
      })
    },
  }
}
