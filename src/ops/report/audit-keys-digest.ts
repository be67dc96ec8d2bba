import type { Digest, DigestItem } from './digest.js'
import type { CodeKeys, KeysInCodeReport } from './keys-in-code-report.js'

const WORDS = { pass: 'ok', fail: 'FAIL', inconclusive: 'skip' } as const

/** The declared families as a table, then one item for each pattern that is of none. */
export function auditKeysDigest(report: KeysInCodeReport): Digest {
  const { families, patterns, outOfSight, live, summary, verdict, failOn } = report
  const isDeclaring = families.some(({ declaredIn }) => declaredIn !== 'library')
  const foreign = patterns.filter((each) => each.families.length === 0)
  const counts = isDeclaring && failOn === 'warn'
  return {
    title: 'cache audit --keys',
    word: WORDS[verdict],
    conclusion: `${patterns.length} key patterns, ${summary.undeclared} undeclared, ${summary.unused} declared and never used`,
    facts: [
      { label: 'keys out of sight', text: String(outOfSight.length) },
      ...(live ? [{ label: 'keys of Redis looked at', text: String(live.keys) }] : []),
    ],
    tables: [
      {
        columns: ['family', 'pattern', 'in the code', 'TTL declared', 'TTL written'],
        rows: families
          .filter(({ declaredIn, used }) => declaredIn !== 'library' || used)
          .map((each) => [
            each.family,
            each.pattern,
            each.used ? 'used' : 'never',
            each.ttlDeclaredSeconds === null ? '-' : `${each.ttlDeclaredSeconds} s`,
            each.ttlWrittenSeconds.map((ttl) => `${ttl} s`).join(', ') || '-',
          ]),
        isText: true,
      },
    ],
    groups: [
      {
        title: 'of no declared family',
        items: foreign.map((each) => itemOf(each, counts && each.writes > 0)),
      },
    ].filter(({ items }) => items.length > 0),
    next: [],
  }
}

function itemOf({ pattern, places, writes, reads }: CodeKeys, counts: boolean): DigestItem {
  const [first] = places
  return {
    id: pattern,
    title: 'of no declared family',
    level: counts ? 'fail' : 'warn',
    word: 'warn',
    message: `${writes} writes and ${reads} reads in the code.`,
    remedy: 'Declare its family, with pattern and TTL, under `families` in the project file.',
    commands: [],
    counts,
    known: false,
    ...(first && { file: first.file, line: first.line, column: first.column }),
  }
}
