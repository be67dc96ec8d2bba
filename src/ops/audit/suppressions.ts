import type ts from 'typescript'

/** A comment that accepts findings: `// cache-audit-ignore R1, R4: why this is right here`. */
export interface Suppression {
  position: number
  /** Empty when none was given; then nothing is accepted. */
  reason: string
  /** Whether it stands on the finding's line or the line above, and names its rule. */
  covers(rule: string, line: number): boolean
}

const COMMENT =
  /(?:\/\/|\/\*)[ \t]*cache-audit-ignore\b[ \t]*([\w ,]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*(?:\*\/)?[ \t]*$/gm

/** The accepting comments of a file, in order. */
export function readSuppressions(file: ts.SourceFile): Suppression[] {
  return [...file.text.matchAll(COMMENT)].map((match) => {
    const line = file.getLineAndCharacterOfPosition(match.index).line + 1
    const named = new Set(
      match[1]!
        .toUpperCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    return {
      position: match.index,
      reason: match[2] ?? '',
      covers: (rule, at) => named.has(rule) && (at === line || at === line + 1),
    }
  })
}
