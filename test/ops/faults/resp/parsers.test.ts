import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noCounts } from '../../../../src/ops/faults/doors/counts.js'
import { cold } from '../../../../src/ops/faults/cold.js'
import type { TcpDoor } from '../../../../src/ops/faults/doors/door.js'
import { cut } from '../../../../src/ops/faults/cut.js'
import { loading } from '../../../../src/ops/faults/loading.js'
import { oom } from '../../../../src/ops/faults/oom.js'
import { readonly } from '../../../../src/ops/faults/readonly.js'
import { Conversation } from '../../../../src/ops/faults/resp/conversation.js'
import { encodeCommand } from '../../../../src/ops/faults/resp/encode.js'
import { ReplyParser } from '../../../../src/ops/faults/resp/reply-parser.js'
import { KEPT_BYTES, RequestParser } from '../../../../src/ops/faults/resp/request-parser.js'
import type { Rule } from '../../../../src/ops/faults/resp/rule.js'
import { ScriptShelf } from '../../../../src/ops/faults/resp/script-shelf.js'

/** Arbitrary bytes, some of which look like the protocol. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array)),
      fc
        .constantFrom(
          '*',
          '$',
          '+',
          '-',
          ':',
          '%',
          '>',
          '|',
          '_',
          '=',
          '~',
          '1',
          '3',
          '-1',
          '99',
          '\r',
          '\n',
          '\r\n',
          '*2\r\n$3\r\nGET\r\n$1\r\na\r\n',
          'GET',
          'MULTI\r\n',
          'EXEC\r\n',
          '*0\r\n',
          '$0\r\n\r\n',
          '*-1\r\n',
          '*1000000000\r\n',
          '$600000000\r\n',
          '$-5\r\n',
        )
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts))

const words = fc.array(
  fc.oneof(fc.constantFrom('GET', 'SET', 'EVAL', 'MULTI', 'a', ''), fc.string({ maxLength: 30 })),
  { minLength: 1, maxLength: 6 },
)

const reply: fc.Arbitrary<string> = fc.letrec<{ reply: string }>((tie) => ({
  reply: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      '+OK\r\n',
      '-ERR no\r\n',
      ':1\r\n',
      '_\r\n',
      '#t\r\n',
      ',1.5\r\n',
      '(123\r\n',
      '$-1\r\n',
      '*-1\r\n',
      '*0\r\n',
      '%0\r\n',
    ),
    fc.string({ maxLength: 20 }).map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`),
    fc.string({ maxLength: 20 }).map((text) => `=${Buffer.byteLength(text) + 4}\r\ntxt:${text}\r\n`),
    fc.array(tie('reply'), { maxLength: 3 }).map((items) => `*${items.length}\r\n${items.join('')}`),
    fc.array(tie('reply'), { maxLength: 3 }).map((items) => `~${items.length}\r\n${items.join('')}`),
    fc
      .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 2 })
      .map((items) => `%${items.length}\r\n${items.flat().join('')}`),
    fc
      .tuple(tie('reply'), tie('reply'), tie('reply'))
      .map(([key, value, item]) => `|1\r\n${key}${value}${item}`),
  ),
})).reply

function chunks(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0, turn = 0; at < whole.length; turn++) {
    const size = sizes[turn % sizes.length] ?? whole.length
    parts.push(whole.subarray(at, at + size))
    at += size
  }
  return parts
}

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const joined = (parts: readonly { bytes: Buffer }[]) => Buffer.concat(parts.map((part) => part.bytes))

/** What a fault tells its door. */
async function ruleOf(fault: typeof oom): Promise<Rule> {
  let found: Rule | undefined
  const door = { interfere: (rule: Rule) => Promise.resolve(void (found = rule)) }
  await fault.apply(door as unknown as TcpDoor)
  return found!
}

describe('commands', () => {
  test('end where they end, in whatever chunks, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), sizes, (commands, sizes) => {
        const whole = Buffer.concat(commands.map((each) => encodeCommand(each)))
        const parser = new RequestParser()
        const pieces = chunks(whole, sizes).flatMap((chunk) => parser.push(chunk))
        expect(joined(pieces)).toEqual(whole)
        const found = pieces.flatMap(({ request }) => (request ? [request.words.map(String)] : []))
        expect(found).toEqual(commands)
        expect(parser.broken).toBe(false)
      }),
    )
  })

  test('inline ones too, and an empty line is none', () => {
    const parser = new RequestParser()
    const pieces = parser.push(Buffer.from('PING\r\n\r\nset a  b\n*0\r\nGET'))
    expect(pieces.map(({ request }) => request?.words.map(String) ?? null)).toEqual([
      ['PING'],
      null,
      ['set', 'a', 'b'],
      null,
      null,
    ])
  })

  test('that are big pass by and are not kept', () => {
    const parser = new RequestParser()
    const value = Buffer.alloc(KEPT_BYTES + 10, 'x')
    const pieces = chunks(encodeCommand(['SET', 'a', value]), [65_536]).flatMap((chunk) => parser.push(chunk))
    const { request } = pieces.at(-1)!
    expect(request).toMatchObject({ count: 3, complete: false })
    expect(request?.words.map(String)).toEqual(['SET', 'a'])
  })

  test('a million empty words are not kept either', () => {
    const parser = new RequestParser()
    const [last] = parser.push(Buffer.from(`*1000000\r\n${'$0\r\n\r\n'.repeat(1_000_000)}`)).slice(-1)
    expect(last?.request).toMatchObject({ count: 1_000_000, complete: false })
    expect(last!.request!.words.length).toBeLessThan(20_000)
  })

  test.each([
    '*x\r\n',
    '*3\r\nGET\r\n',
    '*1\r\n$-1\r\n',
    '*1\r\n$999999999999\r\n',
    '*9999999\r\n',
    `${'x'.repeat(70_000)}`,
  ])('what Redis calls a protocol error breaks it: %.20j', (text) => {
    const parser = new RequestParser()
    expect(joined(parser.push(Buffer.from(text))).toString()).toBe(text)
    expect(parser.broken).toBe(true)
  })
})

describe('replies', () => {
  test('end where they end, in whatever chunks, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 6 }), sizes, (replies, sizes) => {
        const whole = Buffer.from(replies.join(''))
        const parser = new ReplyParser()
        const pieces = chunks(whole, sizes).flatMap((chunk) => parser.push(chunk))
        expect(joined(pieces)).toEqual(whole)
        expect(pieces.filter(({ ends }) => ends)).toHaveLength(replies.length)
        expect(parser.broken).toBe(false)
      }),
    )
  })

  test('pushes are told apart', () => {
    const parser = new ReplyParser()
    const pieces = parser.push(Buffer.from('>2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n+OK\r\n>1\r\n:1\r\n'))
    expect(pieces.map(({ push, ends }) => [push, ends])).toEqual([
      [true, true],
      [false, true],
      [true, true],
    ])
  })
})

describe('a conversation', () => {
  const conversation = (rule: Rule | null) => new Conversation(rule, new ScriptShelf(), noCounts())

  test('that is only watched changes nothing, whatever is said', () => {
    fc.assert(
      fc.property(bytes, bytes, sizes, (asked, answered, sizes) => {
        const watched = conversation(null)
        for (const chunk of chunks(asked, sizes))
          expect(Buffer.concat(watched.fromClient(chunk))).toEqual(chunk)
        for (const chunk of chunks(answered, sizes))
          expect(Buffer.concat(watched.fromServer(chunk).bytes)).toEqual(chunk)
      }),
      { numRuns: 500 },
    )
  })

  test.each([oom, readonly, loading, cold, cut])(
    'under $name survives whatever is said, at any moment',
    async (fault) => {
      const rule = await ruleOf(fault)
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.constantFrom('asks', 'answers', 'begins', 'ends'), bytes), { maxLength: 20 }),
          (turns) => {
            const talk = conversation(null)
            for (const [what, said] of turns) {
              if (what === 'asks') talk.fromClient(said)
              else if (what === 'answers') talk.fromServer(said)
              else talk.obey(what === 'begins' ? rule : null)
            }
          },
        ),
        { numRuns: 500 },
      )
    },
  )

  test.each([oom, readonly, loading])(
    'under $name sends the server one command for each that it got',
    async (fault) => {
      const rule = await ruleOf(fault)
      fc.assert(
        fc.property(fc.array(words, { maxLength: 8 }), sizes, (commands, sizes) => {
          const whole = Buffer.concat(commands.map((each) => encodeCommand(each)))
          const talk = conversation(rule)
          const sent = chunks(whole, sizes).flatMap((chunk) => talk.fromClient(chunk))
          const parser = new RequestParser()
          const arrived = sent.flatMap((each) => parser.push(each)).filter(({ request }) => request !== null)
          expect(arrived).toHaveLength(commands.length)
          const replies = Buffer.concat(
            talk.fromServer(Buffer.from('+PONG\r\n'.repeat(commands.length))).bytes,
          )
          expect(new ReplyParser().push(replies).filter(({ ends }) => ends)).toHaveLength(commands.length)
        }),
      )
    },
  )

  test('drops a big write that is refused, and keeps none of it', async () => {
    const talk = conversation(await ruleOf(oom))
    const big = encodeCommand(['SET', 'a', Buffer.alloc(8 * 1024 * 1024)])
    let sent = 0
    for (const chunk of chunks(big, [65_536])) sent += Buffer.concat(talk.fromClient(chunk)).length
    expect(sent).toBeLessThan(100)
    expect(talk.fromServer(Buffer.from('+PONG\r\n')).bytes.join('')).toBe(
      "-OOM command not allowed when used memory > 'maxmemory'.\r\n",
    )
  })

  test('a reply that is awaited no more is unknown: a subscription passes as it is', async () => {
    const talk = conversation(await ruleOf(oom))
    talk.fromClient(encodeCommand(['SET', 'a', '1']))
    talk.fromClient(encodeCommand(['SUBSCRIBE', 'c']))
    expect(Buffer.concat(talk.fromClient(encodeCommand(['SET', 'a', '1']))).toString()).toContain('SET')
    const message = '*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n'
    expect(talk.fromServer(Buffer.from(`+PONG\r\n${message}${message}`)).bytes.join('')).toBe(
      `-OOM command not allowed when used memory > 'maxmemory'.\r\n${message}${message}`,
    )
  })

  test('who is not let in hears that first', async () => {
    const talk = conversation(await ruleOf(oom))
    talk.fromClient(encodeCommand(['SET', 'a', '1']))
    expect(talk.fromServer(Buffer.from('-NOAUTH Authentication required.\r\n')).bytes.join('')).toBe(
      '-NOAUTH Authentication required.\r\n',
    )
  })

  test('a MULTI that was turned down begins no transaction', async () => {
    const talk = conversation(await ruleOf(oom))
    talk.fromClient(encodeCommand(['MULTI']))
    talk.fromServer(Buffer.from('-NOAUTH Authentication required.\r\n'))
    expect(Buffer.concat(talk.fromClient(encodeCommand(['SET', 'a', '1']))).toString()).toContain('PING')
  })

  test('a hundred thousand commands without an answer are enough', () => {
    const talk = conversation(null)
    talk.fromClient(Buffer.from('PING\r\n'.repeat(100_000)))
    expect(talk.isFull).toBe(true)
    talk.fromServer(Buffer.from('+PONG\r\n'))
    expect(talk.isFull).toBe(false)
  })
})
