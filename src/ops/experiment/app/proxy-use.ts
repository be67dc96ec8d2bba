import type { ProxyClient } from '../remote/proxy-client.js'
import { isUsed } from './backend-use.js'

const LOOK_EVERY_MS = 100

export interface ProxyUse {
  /** When the backend was used again through the proxy; null while it has not been. */
  usedAgainMs(): number | null
  stop(): void
}

/** As `watchBackendUse`, asked of a proxy. */
export async function watchProxyUse(proxy: ProxyClient, nowMs: () => number): Promise<ProxyUse> {
  const first = (await proxy.status()).counts
  let usedAgainMs: number | null = null
  let isAsking = false
  const look = async () => {
    if (isAsking) return
    isAsking = true
    try {
      const { counts } = await proxy.status()
      if (usedAgainMs === null && isUsed(first, counts)) usedAgainMs = nowMs()
    } catch {
      // The next look will tell.
    } finally {
      isAsking = false
    }
    if (usedAgainMs !== null) clearInterval(timer)
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return { usedAgainMs: () => usedAgainMs, stop: () => clearInterval(timer) }
}
