import { tryCatchCache } from './try-catch-cache.js'

/** The other usual remedy: the client gives a command up after a while. Nobody takes it back out of the socket. */
export const commandTimeoutCache = (url: string) => tryCatchCache(url, { commandTimeout: 100 })
