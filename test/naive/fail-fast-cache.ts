import { tryCatchCache } from './try-catch-cache.js'

/** The usual remedy for calls that wait: nothing is queued and nothing is retried, so that the catch comes at once. */
export const failFastCache = (url: string) =>
  tryCatchCache(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 })
