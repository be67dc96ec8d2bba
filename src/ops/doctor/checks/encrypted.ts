import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { Finding, WorldCheck } from '../check.js'
import { isThisMachine } from '../exposure.js'
import { statusBelow } from '../status-of.js'

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
  async run({ cache: { backend }, signal }, { warn }) {
    if (backend === null) return { status: 'skip', message: 'no Redis is configured' }
    const { protocol, hostname, port } = new URL(backend.url)
    const host = hostname.replace(/^\[|\]$/g, '') || 'localhost'
    if (protocol === 'redis:' || protocol === 'http:') return plaintext(host)
    const number = port === '' ? (protocol === 'https:' ? 443 : 6379) : Number(port)
    const seen = await certificateOf(host, number, signal)
    return seen === null
      ? {
          status: 'skip',
          message: 'no certificate was seen: it cannot be reached, or it speaks no TLS (CON-001)',
        }
      : judge(seen, warn)
  },
}

/** RFC 1918, 6598, 3927, 4193, 4291. */
const PRIVATE = new BlockList()
for (const [net, bits] of [['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['169.254.0.0', 16], ['127.0.0.0', 8]] as const) PRIVATE.addSubnet(net, bits) // prettier-ignore
for (const [net, bits] of [['fc00::', 7], ['fe80::', 10], ['::1', 128]] as const) PRIVATE.addSubnet(net, bits, 'ipv6') // prettier-ignore

async function plaintext(host: string): Promise<Finding> {
  if (isThisMachine(host)) return { status: 'ok', message: 'not encrypted, and on this machine' }
  const addresses = await addressesOf(host)
  if (addresses === null) {
    return { status: 'skip', message: 'not encrypted; whether its address is private is not known (CON-001)' }
  }
  if (addresses.every(isPrivate))
    return { status: 'ok', message: 'not encrypted, and the address is private' }
  return {
    status: 'FAIL',
    message:
      'not encrypted, and the address is public: password, logins and conversations can be read on the way',
    remediation: { text: 'Use rediss:// (for Upstash https://), or reach it by a private address.' },
  }
}

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

async function addressesOf(host: string): Promise<string[] | null> {
  if (isIP(host) !== 0) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    return null
  }
}

interface Seen {
  /** Of the certificate, in ms since 1970. */
  end: number
  /** Why a client that trusts what this process trusts refuses it; null when it does not. */
  problem: string | null
}

function certificateOf(host: string, port: number, signal: AbortSignal): Promise<Seen | null> {
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return new Promise((resolve) => {
    // Whether it is trusted is the question; nothing is sent.
    const socket: TLSSocket = connect({ host, port, ...servername, rejectUnauthorized: false }, () => {
      const end = Date.parse(socket.getPeerCertificate().valid_to)
      const { authorized, authorizationError } = socket
      settle(Number.isNaN(end) ? null : { end, problem: authorized ? null : codeOf(authorizationError) })
    })
    const settle = (seen: Seen | null) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(seen)
    }
    const giveUp = () => settle(null)
    const timer = setTimeout(giveUp, DEADLINE_MS)
    signal.addEventListener('abort', giveUp)
    socket.on('error', giveUp)
    socket.on('close', giveUp)
  })
}

/** It is a code, an error with one, or a sentence that repeats names of the certificate. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : error
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : 'not trusted'
}

function judge({ end, problem }: Seen, warn: number | null): Finding {
  const value = (end - Date.now()) / DAY_MS
  const until = new Date(end).toISOString().slice(0, 10)
  if (value <= 0)
    return found('FAIL', `the certificate has expired on ${until}: clients that check it are refused`, value)
  if (problem !== null)
    return found('warn', `TLS, with a certificate that is not trusted here (${problem})`, value)
  const message = `TLS, with a certificate until ${until}`
  const status = statusBelow(value, { warn, fail: null })
  return status === 'ok' ? { status, message, value } : found(status, message, value)
}

function found(status: Finding['status'], message: string, value: number): Finding {
  const text =
    'Renew the certificate; one of an authority of your own is trusted with NODE_EXTRA_CA_CERTS. Never rejectUnauthorized: false.'
  return { status, message, value, remediation: { text } }
}
