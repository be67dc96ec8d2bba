import type { Target } from '../config/target-guard.js'
import type { Proxied, ProxyReport } from '../report/proxy-report.js'
import { upstreamOf } from '../faults/doors/upstream.js'
import { faultsAt, PROTOCOL_OF } from './faults.js'
import type { Proxy } from './open-proxy.js'
import { hasCredentials, VARIABLE_OF } from './upstream.js'

/** What there is to know of a proxy that is open; nothing in it is secret. */
export function proxyReport(
  to: Proxied,
  { url, target, proxy }: { url: string; target: Target; proxy: Proxy },
): ProxyReport {
  const { name, production } = target
  const { host, port, tls } = upstreamOf(url)
  return {
    schema: 'cache.proxy/1',
    command: 'proxy',
    verdict: 'pass',
    pid: process.pid,
    to,
    env: { [VARIABLE_OF[to]]: proxy.url },
    credentialsStay: hasCredentials(url),
    upstream: { host, port, tls, name, production },
    proxy: proxy.place,
    control: proxy.control,
    faults: faultsAt(PROTOCOL_OF[to]).map(({ name: fault, summary }) => ({ name: fault, summary })),
  }
}
