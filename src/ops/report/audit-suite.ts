import { auditDigest } from './audit-digest.js'
import type { AuditReport } from './audit-report.js'
import type { DigestItem } from './digest.js'
import { digestSuite } from './digest-suite.js'
import type { TestCase, TestSuite } from './writers/junit.js'

/**
 * One test for each rule and file with findings, because CI systems know a test again by its name and class, and of two that
 * are alike they keep one; one that passed for each rule without a finding; one error for each thing that was not judged.
 */
export function auditSuite(report: AuditReport): TestSuite {
  const digest = auditDigest(report)
  const groups = digest.groups.map(({ title, items }) => ({ title, items: byRule(items) }))
  const cases = digestSuite({ ...digest, groups }).cases
  const clean = report.rules
    .filter(({ findings }) => findings === 0)
    .map(({ id, title }): TestCase => ({ name: `${id} ${title}`, group: digest.title, result: 'passed' }))
  const isUnproved = report.verdict === 'inconclusive' && !cases.some(({ result }) => result === 'error')
  const unproved: TestCase = {
    name: 'the audit came to its end',
    group: digest.title,
    result: 'error',
    message: digest.conclusion,
  }
  // More warnings than are allowed fail together, and none of them alone.
  const isUnsaid = report.verdict === 'fail' && cases.every(({ result }) => result === 'passed')
  const tooMany: TestCase = {
    name: 'no more warnings than are allowed',
    group: digest.title,
    result: 'failed',
    message: digest.conclusion,
  }
  const whole = [...(isUnproved ? [unproved] : []), ...(isUnsaid ? [tooMany] : [])]
  return { name: digest.title, cases: [...cases, ...clean, ...whole] }
}

function byRule(items: readonly DigestItem[]): DigestItem[] {
  return [...new Set(items.map(({ id }) => id))].flatMap((id) => {
    const own = items.filter((item) => item.id === id)
    // What could not be judged stands for itself.
    if (own.some(({ level }) => level === 'broken')) return own
    const worst = own.find(({ counts }) => counts) ?? own.find(({ level }) => level === 'fail') ?? own[0]!
    if (own.length === 1) return [worst]
    const places = own.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
    const message = `${own.length} findings: ${worst.message}`
    return [{ ...worst, message, commands: places }]
  })
}
