// Distinguished Encoding Rules (X.690), as far as certificates of ours need them.

/** One element: its identifier octet, the length of what is in it, and that. */
function element(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

export const sequence = (...elements: Buffer[]): Buffer => element(0x30, ...elements)
export const set = (...elements: Buffer[]): Buffer => element(0x31, ...elements)
export const octetString = (bytes: Buffer): Buffer => element(0x04, bytes)
export const bitString = (bytes: Buffer, unusedBits = 0): Buffer =>
  element(0x03, Buffer.from([unusedBits]), bytes)
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text))
export const truth = (): Buffer => element(0x01, Buffer.from([0xff]))

/** `[number]`, around whole elements. */
export const explicit = (number: number, ...elements: Buffer[]): Buffer => element(0xa0 | number, ...elements)
/** `[number]`, in place of the identifier of what has no elements in it. */
export const implicit = (number: number, bytes: Buffer): Buffer => element(0x80 | number, bytes)

/** @param bytes of a number that is not negative, the highest first */
export function integer(bytes: Buffer): Buffer {
  const significant = bytes.subarray(
    Math.max(
      0,
      bytes.findIndex((byte) => byte !== 0),
    ),
  )
  const signed = (significant[0] ?? 0) >= 0x80
  return element(0x02, ...(signed ? [Buffer.from([0])] : []), significant)
}

/** @param dotted such as `2.5.29.17` */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]))
}

function base128(arc: number): number[] {
  const octets = [arc % 128]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    octets.unshift(0x80 | (left % 128))
  return octets
}

/** To the second. Certificates take this form from 2050 on, and the other one before. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/\.\d+|[-:T]/g, '')
  return at.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits))
}
