/** Both ends of every secret: what is cut off or broken in the middle still shows one of them. */
const HEAD = 'c4nary'
const TAIL = 't41l'

const secret = (what: string) => `${HEAD}-${what}-${TAIL}`
const base64 = (text: string) => Buffer.from(text).toString('base64url')
const CLAIMS = base64(
  '{"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"service_role","exp":2000000000}',
)

export const SECRETS = {
  /** As it stands in a URL: %-encoded there. */
  url: `${HEAD}/redis@url-${TAIL}`,
  /** What others quote escapes some of it. */
  wrong: `${HEAD}'s "wrong"\\one/${TAIL}`,
  /** A server's text is broken into lines at its blanks. */
  phrase: `${HEAD} is a pass phrase, which ends in ${TAIL}`,
  /** As long as those of Upstash are, and longer than what we quote of anything. */
  token: `${HEAD}${'AYAgAAIjcDE4'.repeat(12)}${TAIL}`,
  jwt: `${base64('{"alg":"HS256","typ":"JWT"}')}.${CLAIMS}.${HEAD}SflKxwRJSMeKKF2QT4${TAIL}`,
  service: `sb_secret_${HEAD}_0123456789_${TAIL}`,
  database: secret('database'),
  dotEnv: secret('dot-env-1'),
  file: secret('project-file-1'),
  staging: secret('staging-1'),
  code: secret('source-code-1'),
  saved: secret('saved-file-1'),
  flag: secret('flag-1'),
  id: secret('id'),
  value: secret('value'),
} as const

/** The first sign of a secret in a text, with what stands around it; null when there is none. */
export function leakIn(text: string): string | null {
  const signs = [HEAD, TAIL, CLAIMS, base64(HEAD), encodeURIComponent(SECRETS.url)]
  const at = signs.map((sign) => text.indexOf(sign)).filter((index) => index !== -1)
  if (at.length === 0) return null
  const first = Math.min(...at)
  return text.slice(Math.max(0, first - 80), first + 80)
}
