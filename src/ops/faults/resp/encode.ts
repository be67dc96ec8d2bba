/** A command as clients send it. */
export function encodeCommand(words: readonly (Buffer | string)[]): Buffer {
  const parts = words.flatMap((word) => {
    const bytes = typeof word === 'string' ? Buffer.from(word) : word
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF]
  })
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts])
}

const CRLF = Buffer.from('\r\n')
