import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { EnvironmentError, UsageError } from '../../report/errors.js'
import type { ControlFailure, ProxyStatus } from '../../report/proxy-report.js'

const ANSWER_WITHIN_MS = 2000
/** More than any answer is; what is longer is none of a proxy. */
const MAX_BYTES = 256 * 1024

/** The control port of a `cache proxy` that runs in another process. */
export interface ProxyClient {
  status(): Promise<ProxyStatus>
  fault(name: string, leaseMs: number): Promise<ProxyStatus>
  renew(number: number): Promise<ProxyStatus>
  open(): Promise<ProxyStatus>
}

/** What the control port would not do; the fault of a lease that is over, for one. */
export class NotDone extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'NotDone'
    this.code = code
  }
}

/**
 * @param url of the control port, as the proxy printed it
 * @param tokenFile the file that it named
 * @throws UsageError for a URL that is not on loopback, EnvironmentError for a file that cannot be read. What is asked later
 * rejects with UsageError when the token is another proxy's, EnvironmentError when nobody answers, else with `NotDone`.
 */
export async function proxyClient(url: string, tokenFile: string | undefined): Promise<ProxyClient> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(parsed.hostname)) {
    throw new UsageError('BAD_URL', '--proxy is not the http:// address on 127.0.0.1 of a control port.', [
      '--proxy and what cache proxy printed as CACHE_PROXY_URL',
    ])
  }
  const token = await tokenIn(tokenFile)
  const ask = (method: string, path: string, body?: object) => send(parsed, token, { method, path, body })
  return {
    status: () => ask('GET', '/status'),
    fault: (name, leaseMs) => ask('POST', '/fault', { name, leaseMs }),
    renew: (number) => ask('POST', '/renew', { number }),
    open: () => ask('POST', '/open'),
  }
}

async function tokenIn(path: string | undefined): Promise<string> {
  const ways = ['export CACHE_PROXY_TOKEN_FILE, as cache proxy printed it']
  if (!path)
    throw new UsageError(
      'NO_TOKEN',
      'CACHE_PROXY_TOKEN_FILE is not set: nothing says where the proxy’s token is.',
      ways,
    )
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    const { code = 'it cannot be read' } = error as NodeJS.ErrnoException
    throw new EnvironmentError(
      'NO_TOKEN',
      `The file that CACHE_PROXY_TOKEN_FILE names cannot be read: ${code}.`,
      ways,
    )
  }
}

function send(
  { hostname, port }: URL,
  token: string,
  { method, path, body }: { method: string; path: string; body: object | undefined },
): Promise<ProxyStatus> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const asked = request({ host: hostname, port, method, path, headers, agent: false })
    const away = (why: string) =>
      reject(
        new EnvironmentError('PROXY_AWAY', `The proxy does not answer: ${why}.`, [
          'see that cache proxy still runs, and the port in --proxy',
        ]),
      )
    const timer = setTimeout(() => asked.destroy(new Error('no answer in time')), ANSWER_WITHIN_MS)
    let hasBegun = false
    asked.on('close', () => {
      clearTimeout(timer)
      if (!hasBegun) away('what listens there is no proxy')
    })
    asked.on('error', (error: NodeJS.ErrnoException) => away(error.code ?? error.message))
    asked.on('response', (answer) => {
      hasBegun = true
      let text = ''
      // The proxy may end in the middle of what it says; after its end this changes nothing.
      answer.on('close', () => away('its answer has no end'))
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_BYTES) asked.destroy(new Error('what listens there is no proxy'))
      })
      answer.on('end', () => {
        const document = parsed(text)
        if (document === null) return away('what listens there is no proxy')
        if ('schema' in document) return resolve(document)
        const { code, message } = document.error
        reject(code === 'UNAUTHORIZED' ? wrongToken() : new NotDone(code, message))
      })
    })
    asked.end(body && JSON.stringify(body))
  })
}

/** A file of a proxy that ran before, as a rule. */
function wrongToken(): UsageError {
  return new UsageError(
    'WRONG_TOKEN',
    'The token in the file that CACHE_PROXY_TOKEN_FILE names is not the one of this proxy.',
    ['export CACHE_PROXY_URL and CACHE_PROXY_TOKEN_FILE, both as the same cache proxy printed them'],
  )
}

function parsed(text: string): ProxyStatus | ControlFailure | null {
  try {
    const document = JSON.parse(text) as Partial<ProxyStatus & ControlFailure> | null
    if (document?.schema === 'cache.proxy.status/1') return document as ProxyStatus
    return typeof document?.error?.message === 'string' ? (document as ControlFailure) : null
  } catch {
    return null
  }
}
