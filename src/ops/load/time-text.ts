/** `0.9 ms`, `104 ms`, `6.0 s`; `never` for Infinity. */
export function timeText(ms: number): string {
  if (!Number.isFinite(ms)) return 'never'
  if (Math.abs(ms) < 10) return `${Number(ms.toFixed(1))} ms`
  return Math.abs(ms) < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
