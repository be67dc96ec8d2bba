/** What a command concluded. `inconclusive` is never a quiet pass: exit code 3. */
export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** Why a command could not do its job, in words for the person who must act. */
export interface ReportError {
  /** Who must act: the caller, the environment's owner, nobody (refused for safety), or we. Decides the exit code. */
  kind: 'usage' | 'environment' | 'safety' | 'bug'
  /** Stable, documented code, such as `UNKNOWN_DRILL`. */
  code: string
  /** What could not be done, with the value that was refused. */
  message: string
  /** The way out, one action each. */
  suggestions: string[]
}

/** The one document that `--json` prints, also on error and on Ctrl-C. Fields are only ever added within a major. */
export interface Report {
  /** `cache.<command>/<major>`, such as `cache.simulate-outage/1`. */
  schema: string
  command: string
  verdict: Verdict
  /** Present and true when a signal ended the run early: what follows is partial. */
  interrupted?: true
  /** What the reader should know although it decided nothing; each also went to stderr, unless `--json` was given. */
  warnings?: string[]
  error?: ReportError
}
