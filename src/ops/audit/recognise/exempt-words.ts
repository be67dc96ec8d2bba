/** Why code may know that Redis is away, and must often fail when it is. */
export type Exemption =
  | 'a health probe'
  | 'a shutdown'
  | 'a lock'
  | 'a queue'
  | 'publish and subscribe'
  | 'a primary store'
  | 'a script that is run by hand'

/** Words that say alone why code must know that Redis is away. */
export const WORDS: [Exemption, ReadonlySet<string>][] = [
  [
    'a health probe',
    new Set(['health', 'healthy', 'healthz', 'healthcheck', 'readiness', 'liveness', 'readyz', 'livez']),
  ],
  ['a shutdown', new Set(['shutdown', 'teardown', 'dispose', 'destroy', 'terminate', 'sigterm'])],
  ['a lock', new Set(['lock', 'locks', 'unlock', 'mutex', 'semaphore', 'redlock', 'leader', 'lease'])],
  ['a queue', new Set(['queue', 'queues', 'enqueue', 'dequeue', 'bullmq'])],
  [
    'publish and subscribe',
    new Set(['pubsub', 'publisher', 'subscriber', 'publish', 'subscribe', 'unsubscribe', 'broadcast']),
  ],
  [
    'a primary store',
    new Set([
      'otp',
      'totp',
      'nonce',
      'nonces',
      'pkce',
      'csrf',
      'xsrf',
      'captcha',
      'passcode',
      'idempotency',
      'idempotence',
      'idempotent',
    ]),
  ],
]

/** Two words that only together name data with no other home. */
export const PAIRS: readonly [string, string][] = [
  ['oauth', 'state'],
  ['auth', 'intent'],
  ['secondary', 'storage'],
  ['auth', 'state'],
  ['login', 'state'],
  ['state', 'token'],
  ['magic', 'link'],
  ['verification', 'code'],
  ['verification', 'token'],
  ['verification', 'state'],
  ['verify', 'code'],
  ['login', 'code'],
  ['install', 'state'],
  ['change', 'request'],
  ['job', 'store'],
  ['logout', 'token'],
  ['reset', 'token'],
  ['token', 'blacklist'],
  ['token', 'denylist'],
  ['token', 'blocklist'],
  ['tokens', 'blacklist'],
  ['jwt', 'blacklist'],
  ['jwt', 'denylist'],
  ['jti', 'blacklist'],
  ['blacklist', 'token'],
  ['blacklisted', 'token'],
  ['denylist', 'token'],
  ['revoked', 'token'],
  ['revoked', 'tokens'],
  ['revoked', 'jti'],
  ['revoked', 'session'],
  ['token', 'revoked'],
  ['token', 'revocation'],
  ['session', 'revoked'],
  ['one', 'time'],
  ['code', 'verifier'],
  ['device', 'code'],
  ['auth', 'code'],
  ['authorization', 'code'],
  ['webauthn', 'challenge'],
  ['passkey', 'challenge'],
  ['anti', 'replay'],
  ['replay', 'store'],
  ['replay', 'guard'],
  ['replay', 'protection'],
  ['replay', 'attack'],
]
