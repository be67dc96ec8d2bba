import type { Belief, OperationThere, WhyReport } from '../../ops/report/why-report.js'
import { inAscii } from '../in-ascii.js'
import { sanitise } from '../sanitise.js'
import type { Terminal } from '../terminal.js'
import { wrap } from '../wrap.js'
import { frameLines } from './audit-frame.js'
import { placeOf } from './audit-place.js'

const INDENT = 5

/** One line of code as the audit sees it: whose it is, what its names are, what stands there, and what each rule said. */
export function auditWhyText(report: WhyReport, terminal: Terminal): string {
  const lines = [
    terminal.style.bold(`${sanitise(report.file)}:${report.line}`),
    ...codeLines(report, terminal),
    ...leftOutLines(report, terminal),
    ...(report.role ? paragraph(`code      ${report.role.role}: ${report.role.because}`, terminal, 10) : []),
    ...thingLines(report, terminal),
    ...report.operations.flatMap((each) => paragraph(operationText(each), terminal, 10)),
    ...(report.role ? ruleLines(report, terminal) : []),
  ]
  return inAscii(lines.join('\n'), terminal)
}

function codeLines({ line, frame }: WhyReport, terminal: Terminal): string[] {
  const own = frame.lines[line - frame.from]
  if (own === undefined || terminal.quiet) return []
  const column = own.length - own.trimStart().length + 1
  const end = { endLine: line, endColumn: own.trimEnd().length + 1 }
  return [...frameLines({ line, column, ...end, frame, excerpt: own }, terminal), '']
}

function leftOutLines({ leftOut, role, interrupted, verdict }: WhyReport, terminal: Terminal): string[] {
  if (leftOut === null) {
    return verdict === 'inconclusive' && !role
      ? [interrupted ? 'stopped before there was an answer' : 'no answer']
      : []
  }
  const what = role
    ? `an audit leaves this file out: ${leftOut}. Of it, if it were read:`
    : `the audit does not read this file: ${leftOut}.`
  return wrap(`${terminal.style.word('skip')} ${sanitise(what)}`, INDENT, terminal.width)
}

/** What is known; what is nothing to the rules only where that is the question. */
function thingLines({ things, operations, role }: WhyReport, terminal: Terminal): string[] {
  const known = things.filter(({ is }) => is.length > 0)
  const lost = things.filter(({ is, isResolved }) => is.length === 0 && !isResolved)
  const isDark = known.length === 0 && operations.length === 0
  const others = isDark ? things.filter(({ is, isResolved }) => is.length === 0 && isResolved) : []
  if (things.length === 0 && role) return paragraph('names     none on this line', terminal, 10)
  return [...known, ...lost, ...others].flatMap((each) => thingText(each, terminal))
}

function thingText({ text, is, because, isResolved, declared }: Belief, terminal: Terminal): string[] {
  const { style } = terminal
  const what = is.length > 0 ? is.map(wordOf).join(' or ') : isResolved ? 'nothing to the rules' : 'not known'
  return [
    ...wrap(`${style.bold(sanitise(text))}: ${what}`, INDENT, terminal.width),
    ...paragraph(`${' '.repeat(INDENT)}${because}`, terminal),
    ...(declared ? [`${' '.repeat(INDENT)}${style.dim(`declared at ${placeOf(declared)}`)}`] : []),
  ]
}

function wordOf(kind: Belief['is'][number]): string {
  return kind === 'null' ? 'nothing (null)' : `a ${kind}`
}

function operationText({ call, on, through, exempt }: OperationThere): string {
  return [
    `operation ${call}() asks a ${on}`,
    through ? `, in the function at ${placeOf(through)}` : '',
    exempt ? `; the rules for caches do not hold for it: ${exempt}` : '',
  ].join('')
}

function ruleLines({ findings, accepted, sites, problems, silent, off }: WhyReport, terminal: Terminal) {
  const { style, width } = terminal
  const say = (word: string, text: string) => wrap(`${word} ${sanitise(text)}`, INDENT, width)
  return [
    '',
    ...findings.flatMap((each) =>
      say(
        style.word(each.severity === 'error' ? 'FAIL' : 'warn'),
        `${each.rule} ${placeOf(each)} ${each.message} Instead: ${each.remedy}`,
      ),
    ),
    ...accepted.flatMap((each) =>
      say(style.word('skip'), `${each.rule} ${placeOf(each)} accepted: ${each.reason}`),
    ),
    ...sites.flatMap(({ rule, site, what }) =>
      site === 'conforms'
        ? say(style.word('ok'), `${rule} ${what}`)
        : say(style.word('skip'), `${rule} cannot be judged here: ${what}`),
    ),
    ...problems.flatMap((each) => say(style.word('warn'), `${placeOf(each)} ${each.message}`)),
    ...(silent.length > 0 ? say('said nothing:', silent.join(', ')) : []),
    ...(off.length > 0 ? say('switched off by the project file:', off.join(', ')) : []),
  ]
}

function paragraph(text: string, terminal: Terminal, indent = INDENT): string[] {
  return wrap(sanitise(text), indent, terminal.width)
}
