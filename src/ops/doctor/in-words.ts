import type { ClientLibrary } from '../client-options/time-to-fallback.js'

/** Numbers in the sentences of findings; the view formats its own. */
export const inWords = {
  /** `0.42 ms`, `250 ms`, `10.5 s`, `1 min 49 s`, `28 h`, `3 days`, `never`. */
  time(ms: number | null): string {
    if (ms === null) return 'never'
    if (ms < 10) return `${Number(ms.toFixed(2))} ms`
    if (ms < 999.5) return `${Math.round(ms)} ms`
    if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
    const seconds = Math.round(ms / 1000)
    if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    const hours = Math.round(seconds / 3600)
    return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
  },
  percent(share: number): string {
    const percent = share * 100
    if (percent > 0 && percent < 0.1) return '<0.1 %'
    return `${percent > 0 && percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
  },
  bytes(bytes: number): string {
    if (bytes < 1024) return `${bytes} B`
    if (bytes < 1024 ** 2) return `${Number((bytes / 1024).toFixed(1))} KiB`
    const mebibytes = bytes / 1024 ** 2
    return mebibytes < 1024
      ? `${Number(mebibytes.toFixed(1))} MiB`
      : `${Number((mebibytes / 1024).toFixed(1))} GiB`
  },
  library(library: ClientLibrary): string {
    return (
      { upstash: '@upstash/redis', 'transparent-cache': 'transparent-cache' }[library as string] ??
      library.replace('@', ' ')
    )
  },
}
