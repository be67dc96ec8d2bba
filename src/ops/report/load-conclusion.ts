import type { LoadReport, SloResult } from './load-report.js'

export interface LoadConclusion {
  word: 'ok' | 'FAIL' | 'skip' | 'stopped'
  text: string
}

/** The verdict in words, for every form of the report. */
export function conclusionOf(report: LoadReport): LoadConclusion {
  const { verdict, reason, inWords, interrupted, stoppedBy } = report
  const sentence = sentenceOf(stoppedBy ?? reason ?? inWords ?? '')
  if (interrupted || stoppedBy !== undefined) return { word: 'stopped', text: sentence }
  const text = `${countsOf(report)}${sentence}`.trimEnd()
  if (verdict === 'pass') return { word: 'ok', text }
  if (verdict === 'fail') return { word: 'FAIL', text }
  const proved = reason === undefined ? 'Not everything could be told.' : 'Nothing is proved.'
  return { word: 'skip', text: `${proved} ${text}`.trimEnd() }
}

function countsOf({ slos }: LoadReport): string {
  const asked = slos.filter(({ from }) => from === undefined)
  const before = slos.filter(({ from }) => from === 'baseline')
  const [pass, fail, open] = counted(asked)
  const [, worse, unknown] = counted(before)
  const promises =
    asked.length === 0
      ? ''
      : `${asked.length} ${asked.length === 1 ? 'SLO' : 'SLOs'}: ${pass} hold${pass === 1 ? 's' : ''}, ${fail} missed, ${open} not judged. `
  const unjudged = unknown === 0 ? '' : `, ${unknown} not judged`
  const figures = before.length === 0 ? '' : `Baseline: ${worse === 0 ? 'nothing' : worse} worse${unjudged}. `
  return `${promises}${figures}`
}

function counted(slos: readonly SloResult[]): [pass: number, fail: number, open: number] {
  const of = (result: SloResult['result']) => slos.filter((slo) => slo.result === result).length
  return [of('pass'), of('fail'), of('not judged')]
}

function sentenceOf(words: string): string {
  return words === ''
    ? ''
    : `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!]$/.test(words) ? '' : '.'}`
}
