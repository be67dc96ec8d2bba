import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import type { Runbook, Section, Step } from './runbook.js'

/** Gives headings the anchors that GitHub gives them: a second `Check` becomes `check-1`. */
export function anchorMaker(): (heading: string) => string {
  const seen = new Map<string, number>()
  return (heading) => {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(base) ?? 0
    seen.set(base, count + 1)
    return count === 0 ? base : `${base}-${count}`
  }
}

/**
 * The steps of the section at `anchor`, those of its subsections included; all without one.
 *
 * @throws UsageError with the anchor that was probably meant
 */
export function stepsAt({ path, sections, steps }: Runbook, anchor: string | null): Step[] {
  if (anchor === null) return steps
  const section = sections.find((candidate) => candidate.anchor === anchor)
  if (section) return steps.filter(({ line }) => isIn(section, line))
  const known = sections.map((candidate) => candidate.anchor)
  const meant = nearest(anchor, known)
  throw new UsageError('RUNBOOK_UNKNOWN_ANCHOR', `${path} has no heading '#${anchor}'.`, [
    meant === undefined ? `its headings are ${known.join(', ') || 'none'}` : `${path}#${meant}`,
  ])
}

function isIn({ from, to }: Section, line: number): boolean {
  return line >= from && line < to
}
