const CRLF = Buffer.from('\r\n')
const BULK = /^[$=]\d+$/

/**
 * The reply with other bytes in its bulk strings, each as long as before; itself when there are none.
 *
 * @param change gets a copy of each payload that is not empty, and may write to it
 */
export function withOtherPayloads(reply: Buffer, change: (payload: Buffer) => void): Buffer {
  let copy: Buffer | undefined
  for (let at = 0; at < reply.length;) {
    const end = reply.indexOf(CRLF, at)
    if (end === -1) break
    const head = reply.toString('latin1', at, Math.min(end, at + 20))
    at = end + CRLF.length
    if (!BULK.test(head)) continue
    const length = Number(head.slice(1))
    copy ??= Buffer.from(reply)
    if (length > 0) change(copy.subarray(at, at + length))
    at += length + CRLF.length
  }
  return copy ?? reply
}
