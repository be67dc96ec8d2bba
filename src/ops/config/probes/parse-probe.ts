import { UsageError } from '../../report/errors.js'
import type { Probe } from './probe.js'

const REQUEST = /^(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+)?(\/\S*)/
const STATUS = /^(?:[1-5]\d\d|[1-5]xx)$/
const EXPECT = /^expect\s+(\S+)/
const CONTAINS = /^(?:and\s+)?body\s+contains\s+"((?:[^"\\]|\\.)*)"/

/**
 * Reads `[METHOD] /path [expect STATUS[,STATUS]] [body contains "text"]`. Without `expect` any 2xx will do.
 *
 * @param flag that it came from, for the message
 * @throws UsageError `BAD_PROBE`
 */
export function parseProbe(text: string, flag = '--probe'): Probe {
  const bad = (why: string) =>
    new UsageError('BAD_PROBE', `${flag}: ${JSON.stringify(text.slice(0, 100))} ${why}.`, [
      `${flag} 'GET /api/session expect 200 body contains "user"'`,
    ])
  const request = REQUEST.exec(text.trim())
  if (!request) throw bad('begins neither with a method and a path nor with a path')
  const [all, method = 'GET', path = '/'] = request
  let rest = text.trim().slice(all.length).trim()
  let statuses = ['2xx']
  const expected = EXPECT.exec(rest)
  if (expected) {
    statuses = parseStatuses(expected[1] ?? '', bad)
    rest = rest.slice(expected[0].length).trim()
  }
  let contains: string | undefined
  const body = CONTAINS.exec(rest)
  if (body) {
    contains = (body[1] ?? '').replace(/\\(.)/g, '$1')
    rest = rest.slice(body[0].length).trim()
  }
  if (rest !== '') throw bad(`goes on with ${JSON.stringify(rest.slice(0, 40))}, which is not understood`)
  return { method, path, expect: { statuses, contains } }
}

/** `200`, `2xx` or a list with commas. */
export function parseStatuses(text: string, bad: (why: string) => Error): string[] {
  const statuses = text.split(',').map((each) => each.trim().toLowerCase())
  const wrong = statuses.find((each) => !STATUS.test(each))
  if (wrong !== undefined)
    throw bad(`expects ${JSON.stringify(wrong)}, which is no status such as 200 or 2xx`)
  return statuses
}
