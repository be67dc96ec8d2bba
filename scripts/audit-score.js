// Recall and false positives of `cache audit` against hand-labelled repositories, which are not ours to keep here:
//   npm run audit:score -- --labels FILE --checkouts DIR [--rule R1]… [--repo NAME]… [--misses]
// DIR holds one directory per repository, named as in the labels, at the labelled commit (`git clone`, `git checkout`; an
// ignored folder such as .checkouts/). Exit code 1 when the targets are missed. With `--reader FILE` in the place of
// `--checkouts`, a second reader's labels are scored like an audit: how far two people agree.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const LEAST_RECALL = 0.9
const MOST_FALSE = 0.05

const { values } = parseArgs({
  options: {
    labels: { type: 'string' },
    checkouts: { type: 'string' },
    reader: { type: 'string' },
    rule: { type: 'string', multiple: true, default: [] },
    repo: { type: 'string', multiple: true, default: [] },
    misses: { type: 'boolean', default: false },
  },
})
const { labels: labelsFile, checkouts, reader } = values
if (!labelsFile || (checkouts === undefined) === (reader === undefined)) {
  console.error(
    'usage: npm run audit:score -- --labels FILE (--checkouts DIR | --reader FILE) [--rule ID]… [--repo NAME]… [--misses]',
  )
  process.exit(2)
}
const labelsIn = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const asked = labelsIn(labelsFile).filter(
  ({ repo }) => values.repo.length === 0 || values.repo.includes(repo),
)

/** @type {Map<string, {rule: string, severity: string, file: string, line: number}[]>} */
const findings = new Map()
let rules = []
if (reader !== undefined) {
  const told = labelsIn(reader).filter(({ confidence }) => confidence !== 'low')
  for (const { repo, file, line, rule, alt } of told)
    findings.set(repo, [
      ...(findings.get(repo) ?? []),
      ...[rule, ...alt].map((each) => ({ rule: each, file, line })),
    ])
  rules = JSON.parse(execFileSync(process.execPath, [resolve('bin/run.js'), 'audit', '--json', 'bin'])).rules
}
for (const repo of reader === undefined ? new Set(asked.map((label) => label.repo)) : []) {
  const cwd = join(checkouts, repo)
  if (!existsSync(cwd)) {
    console.error(`warn ${repo} is not in ${checkouts}: its labels are left out`)
    continue
  }
  const started = process.hrtime.bigint()
  const flags = values.rule.flatMap((id) => ['--rule', id])
  const args = [resolve('bin/run.js'), 'audit', '--json', '--fail-on', 'never', ...flags]
  const report = JSON.parse(
    execFileSync(process.execPath, args, {
      cwd,
      maxBuffer: 2 ** 28,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  console.error(
    `${repo}: ${report.findings.length} findings, ${report.summary.files} files, ${seconds.toFixed(1)} s`,
  )
  findings.set(repo, report.findings)
  rules = report.rules
}

const on = ({ repo, file }) => findings.get(repo).filter((finding) => finding.file === file)
// Recall: a finding of the rule, or of one that names the same defect, inside the labelled statement.
const isFound = (label) =>
  on(label).some(
    ({ rule, line }) =>
      [label.rule, ...label.alt].includes(rule) && line >= label.span[0] && line <= label.span[1],
  )
// False positive: the same rule within one line of a near miss.
const isWrong = (label) =>
  on(label).some(({ rule, line }) => rule === label.rule && Math.abs(line - label.line) <= 1)

const labels = asked.filter(({ repo }) => findings.has(repo))
if (labels.length === 0) {
  console.error(`audit:score: no repository of ${labelsFile} is in ${checkouts ?? reader}`)
  process.exit(2)
}
// Where the reviewer was in doubt, neither answer is held against the audit.
const violations = labels.filter(({ verdict, confidence }) => verdict === 'violation' && confidence !== 'low')
const nearMisses = labels.filter(({ verdict }) => verdict === 'ok')

const share = (part, whole) => (whole === 0 ? '     –' : `${((100 * part) / whole).toFixed(1).padStart(5)}%`)
function row(name, is) {
  const own = violations.filter(is)
  const near = nearMisses.filter(is)
  if (own.length + near.length === 0) return
  const found = own.filter(isFound).length
  const wrong = near.filter(isWrong).length
  const recall = `${String(found).padStart(4)} of ${String(own.length).padStart(4)} ${share(found, own.length)}`
  const falsely = `${String(wrong).padStart(4)} of ${String(near.length).padStart(4)} ${share(wrong, near.length)}`
  console.log(`${name.padEnd(34)}  ${recall}   ${falsely}`)
  return {
    recall: own.length === 0 ? 1 : found / own.length,
    falsely: near.length === 0 ? 0 : wrong / near.length,
  }
}

console.log(`${'rule and kind'.padEnd(34)}  violations found      near misses reported`)
for (const { id } of rules) {
  row(id, ({ rule }) => rule === id)
  const kinds = new Set(labels.filter(({ rule }) => rule === id).map(({ kind }) => kind))
  for (const kind of [...kinds].sort((a, b) => a.localeCompare(b)))
    row(`    ${kind}`, (label) => label.rule === id && label.kind === kind)
}
const errors = new Set(rules.filter(({ severity }) => severity === 'error').map(({ id }) => id))
const applied = new Set(rules.map(({ id }) => id))
const ofErrors = row('rules that are errors', ({ rule }) => errors.has(rule))
const ofAll = row('all rules', ({ rule }) => applied.has(rule))

if (values.misses) {
  const describe = ({ repo, file, line, rule, kind, why }) =>
    `${rule} ${repo}/${file}:${line} ${kind}: ${why}`
  const own = (label) => applied.has(label.rule)
  for (const label of violations.filter(own).filter((each) => !isFound(each)))
    console.log(`missed  ${describe(label)}`)
  for (const label of nearMisses.filter(own).filter(isWrong)) console.log(`false   ${describe(label)}`)
}

const isGood = (ofErrors?.recall ?? 1) >= LEAST_RECALL && (ofAll?.falsely ?? 0) <= MOST_FALSE
console.log(
  `${isGood ? 'ok  ' : 'LOST'}  recall over the rules that are errors ≥ ${LEAST_RECALL}, near misses reported ≤ ${100 * MOST_FALSE} %`,
)
process.exitCode = isGood ? 0 : 1
