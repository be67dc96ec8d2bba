/** `3 ms`, `250 ms`, `6.0 s`, `2 min 5 s`, `28 h`, `3 days`; `never` for null. Below 10 ms one decimal unless it is whole. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return 'never'
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds >= 7200) {
    const hours = Math.round(seconds / 3600)
    return hours < 48 ? `${hours} h` : `${formatCount(hours / 24)} days`
  }
  const rest = seconds % 60
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`
}

/** `1,234`, the same in every locale. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 drill`, `4 drills`; `plural` where adding an s is wrong. */
export function formatQuantity(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** A share of 0..1 as `97 %`; `-` for null. Never rounds up to 100 % or down to 0 %. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '-'
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '<0.1 %'
  if (percent < 100 && percent > 99.9) return '>99.9 %'
  return `${percent < 10 || percent > 99 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
}

/** How many times as much: `1.0 x`, `9.4 x`, `20 x`; `-` for null. */
export function formatFactor(factor: number | null): string {
  if (factor === null || !Number.isFinite(factor)) return '-'
  return `${factor < 10 ? factor.toFixed(1) : formatCount(factor)} x`
}

/** `512 B`, `1.5 KiB`, `3.0 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return unit === 0 ? `${Math.round(value)} B` : `${value.toFixed(1)} ${units[unit]}`
}
