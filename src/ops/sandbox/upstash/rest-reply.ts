/** `base64`: what the header `Upstash-Encoding: base64` asks for. */
export type Encoding = 'base64' | 'plain'

/** A reply as JSON holds it. Bytes that are no UTF-8 survive in base64 only. */
export function restReply(reply: unknown, encoding: Encoding): unknown {
  if (Buffer.isBuffer(reply)) return text(reply, encoding)
  if (Array.isArray(reply)) return reply.map((item: unknown) => restReply(item, encoding))
  // A script may return errors among other things.
  if (reply instanceof Error) return text(Buffer.from(reply.message), encoding)
  if (typeof reply === 'string') return text(Buffer.from(reply), encoding)
  return reply ?? null
}

/** The one text that Upstash leaves as it is. */
function text(bytes: Buffer, encoding: Encoding): string {
  const plain = bytes.toString('utf8')
  return encoding === 'plain' || plain === 'OK' ? plain : bytes.toString('base64')
}
