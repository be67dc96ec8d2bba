/** One thing that was tested. */
export interface TestCase {
  name: string
  /** What it belongs to; CI systems group by it. */
  group: string
  /** Where it is written. */
  file?: string
  line?: number
  durationMs?: number
  result: 'passed' | 'failed' | 'skipped' | 'error'
  /** Why it did not pass, in one line. */
  message?: string
  /** More about it, in lines. */
  details?: string
  /** What it printed. */
  output?: string
}

/** What a command has to say, as tests. */
export interface TestSuite {
  name: string
  cases: TestCase[]
}

/** The suite as JUnit XML, in the form that Jenkins, GitLab and GitHub actions read. */
export function writeJunit({ name, cases }: TestSuite): string {
  const count = (result: TestCase['result']) => cases.filter((each) => each.result === result).length
  const totalMs = cases.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0)
  const totals = attributes({
    name,
    tests: cases.length,
    failures: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(totalMs),
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${totals}>`,
    ...cases.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const ELEMENTS = { failed: 'failure', skipped: 'skipped', error: 'error' } as const

function testCase({
  name,
  group,
  file,
  line,
  durationMs,
  result,
  message,
  details,
  output,
}: TestCase): string {
  const head = attributes({ name, classname: group, file, line, time: seconds(durationMs ?? 0) })
  const inside: string[] = []
  if (result !== 'passed') {
    const element = ELEMENTS[result]
    inside.push(`<${element}${attributes({ message })}>${escape(details ?? '')}</${element}>`)
  }
  if (output) inside.push(`<system-out>${escape(output)}</system-out>`)
  if (inside.length === 0) return `    <testcase${head}/>`
  return [`    <testcase${head}>`, ...inside.map((each) => `      ${each}`), '    </testcase>'].join('\n')
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        ` ${name}="${escape(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

// XML 1.0 has no way to write these, not even as references: one of them, and the reader refuses the whole file.
const unwritable =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '' }

// What GitHub obeys when the document goes to stdout: a line that begins with `::`, and its older form anywhere.
const commands = /^(\s*)::|##\[/gm

function escape(text: string): string {
  return text
    .replace(unwritable, '')
    .replace(/[&<>"\r]/g, (char) => entities[char] ?? '')
    .replace(commands, (_match, indent: string | undefined) =>
      indent === undefined ? '#&#35;[' : `${indent}:&#58;`,
    )
}
