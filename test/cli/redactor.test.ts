import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/cli/redactor.js'

const anywhere = createRedactor({})

describe('what secrets look like anywhere', () => {
  it.for([
    ['redis://default:hunter2@db.example:6379/0', 'redis://[redacted]@db.example:6379/0'],
    ['rediss://:p%40ss@db', 'rediss://[redacted]@db'],
    ['redis://:pa/ss#word@db:6379 refused', 'redis://[redacted]@db:6379 refused'],
    ['see https://host:8080/@scope/pkg', 'see https://host:8080/@scope/pkg'],
    ['see https://host/@scope/pkg', 'see https://host/@scope/pkg'],
    ['mail me@example.com', 'mail me@example.com'],
    ['Authorization: Bearer abc', 'Authorization: [redacted]'],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', '{"authorization":"[redacted]"}'],
    ['sent Bearer AX9kAAIncDE1 to it', 'sent Bearer [redacted] to it'],
    ['bearer of bad news', 'bearer of bad news'],
    ['key eyJhbGciOi.eyJpc3MiOi.SflKxwRJ_x works', 'key [redacted] works'],
    ['sb_secret_N7UND0UgjKTVK was used', '[redacted] was used'],
    ['password=hunter', 'password=[redacted]'],
    ['?apikey=abcdef&select=id', '?apikey=[redacted]&select=id'],
    ["token: 'AX9kAAIncDE1'", "token: '[redacted]'"],
    ['password is required', 'password is required'],
    ['token bucket of the limiter', 'token bucket of the limiter'],
    ['NOAUTH Authentication required.', 'NOAUTH Authentication required.'],
    [
      "ERR unknown command 'ATUH', with args beginning with: 'hunter2' ",
      "ERR unknown command 'ATUH', with args beginning with: [redacted]",
    ],
    ['CONFIG SET requirepass hunter2', 'CONFIG SET requirepass [redacted]'],
  ])('%s', ([before, after]) => {
    expect(anywhere.text(before as string)).toBe(after)
  })
})

describe('secrets of the environment', () => {
  const shown = (env: NodeJS.ProcessEnv, text: string) => createRedactor(env).text(text)

  it.for([
    'REDIS_PASSWORD',
    'UPSTASH_REDIS_REST_TOKEN',
    'SUPABASE_SERVICE_ROLE_KEY',
    'MY_SECRET_VALUE',
    'DB_PASS',
    'apiKey',
    'AWS_SECRET_ACCESS_KEY',
  ])('%s is one', (name) => {
    expect(shown({ [name]: 'tr0ub4dor.&3' }, 'it was (tr0ub4dor.&3)')).toBe('it was ([redacted])')
  })

  it.for([
    ['KEYBOARD', 'qwertz'],
    ['REDIS_PASSWORD_FILE', '/run/secrets/redis'],
    ['MAX_TOKENS', '100000'],
    ['SOME_TOKEN', '12345678'],
    ['API_KEY', 'short'],
    ['NODE_ENV', 'production'],
  ])('%s=%s is none', ([name, value]) => {
    expect(shown({ [name as string]: value }, `it is ${value}`)).toBe(`it is ${value}`)
  })

  it('the password inside a URL, as written and decoded', () => {
    const env = { DATABASE_URL: 'postgres://app:p%40ssw0rd@db/main' }
    expect(shown(env, 'p%40ssw0rd or p@ssw0rd')).toBe('[redacted] or [redacted]')
  })

  it('a URL that cannot be parsed, whole and in parts', () => {
    const env = { REDIS_URL: 'redis://:se/cret#1@host:port' }
    expect(shown(env, `bad: ${env.REDIS_URL}`)).not.toMatch(/se\/cret|#1/)
    expect(shown(env, 'bad: se/cret#1')).toBe('bad: [redacted]')
    expect(shown({ REDIS_URL: '10.0.0.1:6379' }, 'bad: 10.0.0.1:6379')).toBe('bad: <unparsable REDIS_URL>')
  })

  it('a secret that contains another leaves no rest', () => {
    expect(shown({ A_TOKEN: 'abcdef', B_TOKEN: 'abcdefghi' }, 'abcdefghi')).toBe('[redacted]')
  })

  it.for(['a"b\\c/d\'e`f', 'a\\"b\\\\c/d\\\'e\\`f', 'a\\"b\\\\\\\\c\\/d\'e`f'])(
    'what others escaped: %s',
    (quoted) => {
      expect(shown({ REDIS_PASSWORD: 'a"b\\c/d\'e`f' }, `auth(['${quoted}'])`)).toBe("auth(['[redacted]'])")
    },
  )

  it('a pass phrase whose blanks have become others', () => {
    const env = { REDIS_PASSWORD: 'correct horse  battery' }
    expect(shown(env, 'sent correct\n         horse battery')).toBe('sent [redacted]')
  })

  it.for([
    ['"tr0ub4dor-and-three-more-w" is no name', '"[redacted]" is no name'],
    ["'tr0ub4dor-… is", "'[redacted]… is"],
    ['says tr0ub4do...', 'says [redacted]...'],
    ['says tr0ub4d...', 'says tr0ub4d...'],
    ['ends in tr0ub4dor-and-three-more', 'ends in [redacted]'],
    ['the tr0ub4dor-and-three-more streets', 'the tr0ub4dor-and-three-more streets'],
    ['as "tr0ub4dor-and-three"', 'as "tr0ub4dor-and-three"'],
  ])('the beginning of one, where it was cut off: %s', ([before, after]) => {
    expect(shown({ A_TOKEN: 'tr0ub4dor-and-three-more-words' }, before!)).toBe(after)
  })

  it('each line of a key file', () => {
    const env = { TLS_KEY: '-----BEGIN-----\nMIIEowIBAAKC\n-----END-----' }
    expect(shown(env, 'got MIIEowIBAAKC')).toBe('got [redacted]')
  })
})

describe('documents', () => {
  it('keep their shape, whatever the secret is made of', () => {
    const secret = 'a"},{"b\\'
    const { document } = createRedactor({ THE_SECRET: secret })
    const redacted = document({ list: [{ [secret]: `x${secret}` }], count: 3, none: null, when: new Date(0) })
    expect(redacted).toEqual({
      list: [{ '[redacted]': 'x[redacted]' }],
      count: 3,
      none: null,
      when: new Date(0),
    })
    expect(() => JSON.parse(JSON.stringify(redacted))).not.toThrow()
  })

  it('to be laid out: only what may be broken, and no word or name that a view goes by', () => {
    const { forLayout } = createRedactor({ A_SECRET: 'unknown', B_TOKEN: 'tr0ub4dor-and-3-more' })
    const report = {
      unknown: [{ status: 'unknown', message: 'it is unknown', value: 'tr0ub4dor-and-3-more' }],
    }
    expect(forLayout(report)).toEqual({
      unknown: [{ status: 'unknown', message: 'it is [redacted]', value: '[redacted]' }],
    })
  })

  it('reduce errors to their words: an ioredis error carries the password', () => {
    const error = Object.assign(new Error('WRONGPASS invalid'), {
      code: 'X',
      command: { args: ['user', 'hunter2'] },
    })
    expect(anywhere.document({ error })).toEqual({
      error: { name: 'Error', message: 'WRONGPASS invalid', code: 'X' },
    })
  })

  it('that refer to themselves end', () => {
    const self: { me?: unknown } = {}
    self.me = self
    expect(anywhere.document(self)).toEqual({ me: '[circular]' })
  })
})
