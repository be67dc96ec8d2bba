import type { Failure } from './failure.js'

/** What the system calls it when somebody cannot be reached. Only these words are repeated: texts may hold the input. */
const NETWORK =
  /\b(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|UND_ERR_[A-Z]+(?:_TIMEOUT)?|ERR_TLS_[A-Z_]+|(?:DEPTH_ZERO_)?SELF_SIGNED_CERT[A-Z_]*|CERT_[A-Z_]+|UNABLE_TO_[A-Z_]+)\b/

/** Why there was no answer. supabase-js puts what was thrown into texts; others throw it. */
export function unansweredFailure(error: unknown): Failure {
  const text = textOf(error)
  const failure = (code: Failure['code'], message: string): Failure => ({ code, message, sourceCode: null })
  if (/^(?:AbortError|TimeoutError)\b/.test(text)) return failure('TIMEOUT', 'the client gave it up')
  if (/^SyntaxError\b/.test(text) || /\b(?:HPE_|HTTPParserError\b)/.test(text))
    return failure('UNEXPECTED', 'the answer cannot be read')
  if (/serialize a BigInt|circular structure/.test(text)) return failure('INVALID', 'the input is no JSON')
  const network = NETWORK.exec(text)?.[1]
  if (network !== undefined) return failure('UNREACHABLE', `nobody answers there (${network})`)
  if (/^\w*Error: (?:fetch failed|terminated)/.test(text))
    return failure('UNREACHABLE', 'nobody answers there')
  return failure('UNEXPECTED', 'the query could not be sent')
}

/** Deeper than any chain of causes; one that leads back to its beginning is that deep, too. */
const MAX_CAUSES = 10

function textOf(error: unknown, depth = 0): string {
  if (error instanceof Error) {
    const { code, cause } = error as { code?: unknown; cause?: unknown }
    const rest = cause === undefined || depth === MAX_CAUSES ? '' : textOf(cause, depth + 1)
    return `${error.name}: ${error.message} (${typeof code === 'string' ? code : ''}) ${rest}`
  }
  if (typeof error !== 'object' || error === null) return ''
  const { message, details } = error as { message?: unknown; details?: unknown }
  return [message, details].filter((text) => typeof text === 'string').join('\n')
}
