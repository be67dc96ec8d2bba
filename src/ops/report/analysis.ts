import type { Report } from './report.js'

/** A place in the code that was analysed: counted from the root of the repository, lines and columns from 1. */
export interface AnalysisPlace {
  file: string
  line: number
  column: number
  /** With `endColumn`, the column after its last character. */
  endLine?: number
  endColumn?: number
  /** The code of the first line. */
  snippet?: string
}

export interface AnalysisRule {
  id: string
  title: string
  level: 'error' | 'warning'
  precision: 'high' | 'medium' | 'low'
  /** Its page, in Markdown; undefined where the pages were not installed. */
  page?: string | undefined
}

export interface AnalysisResult {
  rule: string
  level: 'error' | 'warning'
  message: string
  place: AnalysisPlace
  related: { place: AnalysisPlace; what: string }[]
  /** By which it is known again when the line moves. */
  fingerprint?: string
  /** Somebody has decided to live with it: in the code, or outside it, as in a baseline. */
  suppressed?: { where: 'code' | 'elsewhere'; reason: string }
}

/** What a command has to say of source code, whatever command it is of. From it comes SARIF. */
export interface Analysis {
  /** Such as `cache audit`. */
  tool: string
  version?: string
  rules: AnalysisRule[]
  results: AnalysisResult[]
  /** What was not analysed as it should have been. */
  problems: { level: 'error' | 'warning'; message: string; place?: AnalysisPlace }[]
  /** Whether it came to its end and saw what it was to see: what is not among the results is then not there. */
  isWhole: boolean
}

/** Of a command that could not do its job. */
export function errorAnalysis({ command, error }: Report): Analysis {
  const message = error?.message ?? 'stopped before there was a result'
  return {
    tool: `cache ${command}`,
    rules: [],
    results: [],
    problems: [{ level: 'error', message }],
    isWhole: false,
  }
}
