import { BlockList, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OptionError } from '../../../src/library/kernel/errors.js'
import { ipIdentifier } from '../../../src/library/rate-limit/ip-identifier.js'

const ipv6 = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
const plain = (groups: number[]) => groups.map((group) => group.toString(16)).join(':')
const isMapped = (groups: number[]) => /^(0:){5}ffff:/.test(plain(groups))

/** The same address in another spelling; what `::` stands for is drawn, and need not be the longest run. */
const spelt = fc
  .record({
    groups: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
      minLength: 8,
      maxLength: 8,
    }),
    width: fc.integer({ min: 1, max: 4 }),
    upper: fc.boolean(),
    zone: fc.constantFrom('', '%eth0', '%1'),
    dotted: fc.boolean(),
    zerosAt: fc.integer({ min: 0, max: 8 }),
  })
  .filter(({ groups }) => !isMapped(groups))
  .map(({ groups, width, upper, zone, dotted, zerosAt }) => {
    const texts = groups.map((group) => group.toString(16).padStart(width, '0'))
    if (dotted) {
      const [high, low] = [groups[6]!, groups[7]!]
      texts.splice(6, 2, `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`)
    }
    let end = zerosAt
    while (end < Math.min(6, groups.length) && groups[end] === 0) end++
    const compressed =
      end > zerosAt ? `${texts.slice(0, zerosAt).join(':')}::${texts.slice(end).join(':')}` : texts.join(':')
    return { groups, text: (upper ? compressed.toUpperCase() : compressed) + zone }
  })

const prefixes = fc.integer({ min: 32, max: 128 })

test('H32: every spelling of an IPv6 address is one identifier', () => {
  fc.assert(
    fc.property(spelt, prefixes, ({ groups, text }, ipv6Prefix) => {
      expect(isIPv6(text)).toBe(true)
      expect(ipIdentifier(text, { ipv6Prefix })).toBe(ipIdentifier(plain(groups), { ipv6Prefix }))
    }),
  )
})

test('H32: two IPv6 addresses share an identifier exactly when node:net finds them in one network', () => {
  const pairs = fc
    .record({ groups: ipv6, prefix: prefixes, bit: fc.integer({ min: 0, max: 127 }) })
    .filter(({ groups }) => !isMapped(groups))
  fc.assert(
    fc.property(pairs, ({ groups, prefix, bit }) => {
      const other = [...groups]
      other[bit >> 4]! ^= 1 << (15 - (bit & 15))
      fc.pre(!isMapped(other))
      const network = new BlockList()
      network.addSubnet(plain(groups), prefix, 'ipv6')
      const [a, b] = [groups, other].map((each) => ipIdentifier(plain(each), { ipv6Prefix: prefix }))
      expect(a === b).toBe(network.check(plain(other), 'ipv6'))
      // What it is called is the network's own address, in letters that no key has to encode.
      expect(a).toMatch(/^[0-9a-f]+_\d+$/)
      const named = new BlockList()
      const [digits, bits] = a!.split('_')
      const address = digits!.padEnd(32, '0').replace(/.{4}(?=.)/g, '$&:')
      named.addSubnet(address, Number(bits), 'ipv6')
      expect([Number(bits), named.check(plain(groups), 'ipv6')]).toEqual([prefix, true])
    }),
    { numRuns: 500 },
  )
})

test('an IPv4 address is itself, also where it comes as IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      const [a, b, c, d] = ip.split('.').map(Number)
      const hex = `${(a! * 256 + b!).toString(16)}:${(c! * 256 + d!).toString(16)}`
      for (const spelling of [ip, `::ffff:${ip}`, `::FFFF:${hex}`, `0:0:0:0:0:ffff:${hex}`, ` ${ip} `])
        expect(ipIdentifier(spelling)).toBe(ip)
    }),
  )
})

describe('what it looks like', () => {
  test.each([
    ['2001:0DB8:0:1ff:aaaa::1%eth0', undefined, '20010db8000001_56'],
    ['2001:db8:0:1ff:aaaa::1', 64, '20010db8000001ff_64'],
    ['2001:db8::1', 32, '20010db8_32'],
    ['2001:db8::1', 128, '20010db8000000000000000000000001_128'],
    ['::1', undefined, '00000000000000_56'],
    ['::ffff:192.0.2.1', 128, '192.0.2.1'],
  ])('%s /%s: %s', (ip, ipv6Prefix, expected) => {
    expect(ipIdentifier(ip, ipv6Prefix === undefined ? {} : { ipv6Prefix })).toBe(expected)
  })
})

describe('what is no address', () => {
  const none = [undefined, null, 42, {}, ['192.0.2.1'], '', ' ', 'unknown', '192.0.2.1, 192.0.2.2']
  const malformed = [
    '192.0.2.1:8080',
    '[::1]',
    '256.1.1.1',
    '010.0.0.1',
    '::1::',
    'g::1',
    '2001:db8::/56',
    '*',
  ]
  test.each([...none, ...malformed])('is null and never throws: %j', (ip) => {
    expect(ipIdentifier(ip)).toBeNull()
  })

  test('any text is an identifier of some address or null', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(ipIdentifier(text) === null || isIPv6(text.trim()) || /^[\d.\s]+$/.test(text)).toBe(true)
      }),
    )
  })
})

test.each([31, 129, 56.5, Number.NaN, '56' as never])(
  'a prefix of %s is a mistake of the program',
  (ipv6Prefix) => {
    for (const ip of ['2001:db8::1', '192.0.2.1', undefined])
      expect(() => ipIdentifier(ip, { ipv6Prefix })).toThrow(OptionError)
  },
)
