import type { ProxyClient } from '../remote/proxy-client.js'

const LOOK_EVERY_MS = 100

export interface ProxyUse {
  /** When an answer of the backend went through the proxy again; null while none has. */
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
      const grew = (name: string) => (counts[name] ?? 0) > (first[name] ?? 0)
      if (usedAgainMs === null && grew('bytesToClient') && grew('bytesToServer')) usedAgainMs = nowMs()
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
