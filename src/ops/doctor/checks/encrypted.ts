import { certificateOf, type SeenCertificate } from '../certificate.js'
import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { isThisMachine } from '../exposure.js'
import { hasPrivateAddress } from '../private-address.js'
import { statusBelow } from '../status-of.js'
import { tlsTrouble } from '../tls-trouble.js'

const DEADLINE_MS = 2000
const DAY_MS = 86_400_000

export const encryptedCheck: WorldCheck = {
  on: 'world',
  id: 'SEC-001',
  group: 'security',
  title: 'the way to Redis is encrypted',
  unit: 'days left',
  worse: 'below',
  threshold: {
    warn: 30,
    fail: null,
    source:
      'Redis security doc: TLS on untrusted networks; 30 days are ours; fails for plaintext to a public address and an expired certificate',
  },
  deadlineMs: 2 * DEADLINE_MS + 500,
  async run({ cache: { backend }, ownConnections, signal }, { warn }) {
    if (backend === null) return { status: 'skip', message: 'no Redis is configured' }
    const { protocol, hostname, port } = new URL(backend.url)
    const host = hostname.replace(/^\[|\]$/g, '') || 'localhost'
    if (protocol === 'redis:' || protocol === 'http:') return plaintext(host)
    const number = port === '' ? (protocol === 'https:' ? 443 : 6379) : Number(port)
    const seen = await ownConnections.count(() =>
      certificateOf({ host, port: number, deadlineMs: DEADLINE_MS, signal }),
    )
    return seen === null
      ? {
          status: 'skip',
          message: 'no certificate was seen: it cannot be reached, or it speaks no TLS (CON-001)',
        }
      : judge(seen, warn)
  },
}

async function plaintext(host: string): Promise<Finding> {
  if (isThisMachine(host)) return { status: 'ok', message: 'not encrypted, and on this machine' }
  const isPrivate = await hasPrivateAddress(host, DEADLINE_MS)
  if (isPrivate === null) {
    return { status: 'skip', message: 'not encrypted; whether its address is private is not known (CON-001)' }
  }
  if (isPrivate) return { status: 'ok', message: 'not encrypted, and the address is private' }
  return {
    status: 'FAIL',
    message:
      'not encrypted, and the address is public: password, logins and conversations can be read on the way',
    remediation: { text: 'Use rediss:// (for Upstash https://), or reach it by a private address.' },
  }
}

function judge({ end, problem }: SeenCertificate, warn: number | null): Finding {
  const value = (end - Date.now()) / DAY_MS
  const until = new Date(end).toISOString().slice(0, 10)
  if (value <= 0)
    return found('FAIL', `the certificate expired on ${until}: clients that check it are refused`, value)
  if (problem !== null) {
    const message = `TLS, with a certificate that is not trusted here (${problem})`
    return found('warn', message, value, tlsTrouble(problem)?.text)
  }
  const message = `TLS, with a certificate until ${until}`
  const status = statusBelow(value, { warn, fail: null })
  return status === 'ok' ? { status, message, value } : found(status, message, value)
}

const RENEW =
  'Renew the certificate; one of an authority of your own is trusted with NODE_EXTRA_CA_CERTS. Never rejectUnauthorized: false.'

function found(status: Finding['status'], message: string, value: number, text = RENEW): Finding {
  return { status, message, value, remediation: { text } }
}
