// Recall and false positives of `cache audit` against hand-labelled repositories, which are not ours to keep here:
//   npm run audit:score -- --labels FILE --checkouts DIR [--rule R1]…
// CHECKOUTS holds one directory per repository, named as in the labels, at the labelled commit. Run `npm run build` first.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    labels: { type: 'string' },
    checkouts: { type: 'string' },
    rule: { type: 'string', multiple: true, default: [] },
  },
})
const { labels: labelsFile, checkouts } = values
if (!labelsFile || !checkouts) {
  console.error('usage: npm run audit:score -- --labels FILE --checkouts DIR [--rule ID]…')
  process.exit(2)
}
const flags = values.rule.flatMap((id) => ['--rule', id])
const labels = readFileSync(labelsFile, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))

/** @type {Map<string, {rule: string, file: string, line: number}[]>} */
const findings = new Map()
let rules = []
for (const repo of new Set(labels.map((label) => label.repo))) {
  const cwd = join(checkouts, repo)
  if (!existsSync(cwd)) {
    console.error(`warn ${repo} is not in ${checkouts}: its labels are left out`)
    continue
  }
  const started = process.hrtime.bigint()
  const args = [resolve('bin/run.js'), 'audit', '--json', '--fail-on', 'never', ...flags]
  const report = JSON.parse(
    execFileSync(process.execPath, args, { cwd, maxBuffer: 2 ** 28, encoding: 'utf8' }),
  )
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  console.log(
    `${repo}: ${report.findings.length} findings, ${report.summary.files} files, ${seconds.toFixed(1)} s`,
  )
  findings.set(repo, report.findings)
  rules = report.rules.map(({ id }) => id)
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
const describe = ({ repo, file, line, kind, why }) => `  ${repo}/${file}:${line} ${kind}: ${why}`

for (const rule of rules) {
  const own = labels.filter((label) => label.rule === rule && findings.has(label.repo))
  const violations = own.filter(({ verdict, confidence }) => verdict === 'violation' && confidence !== 'low')
  const nearMisses = own.filter(({ verdict }) => verdict === 'ok')
  const missed = violations.filter((label) => !isFound(label))
  const wrong = nearMisses.filter(isWrong)
  const found = violations.length - missed.length
  console.log(
    `${rule}: found ${found} of ${violations.length}; reported ${wrong.length} of ${nearMisses.length} near misses`,
  )
  for (const label of missed) console.log(`${describe(label)} (missed)`)
  for (const label of wrong) console.log(`${describe(label)} (false positive)`)
}
