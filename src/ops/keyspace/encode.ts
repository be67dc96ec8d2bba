/** A command about one key, encoded for the server up to the key. */
export interface KeyCommand {
  readonly head: string
}

/** @param words all before the key, such as `MEMORY`, `USAGE` */
export function keyCommand(...words: string[]): KeyCommand {
  return { head: `*${words.length + 1}\r\n${words.map((word) => bulk(word)).join('')}$` }
}

/** Each command about each key, key by key. */
export function encodeForKeys(commands: readonly KeyCommand[], keys: readonly Buffer[]): Buffer {
  let text = ''
  for (const key of keys) {
    const tail = `${key.length}\r\n${key.toString('latin1')}\r\n`
    for (const { head } of commands) text += head + tail
  }
  return Buffer.from(text, 'latin1')
}

/** One command of whatever words. */
export function encode(words: readonly (string | Buffer)[]): Buffer {
  const text = words.map((word) => bulk(typeof word === 'string' ? Buffer.from(word) : word)).join('')
  return Buffer.from(`*${words.length}\r\n${text}`, 'latin1')
}

/** One character of the text stands for one byte. */
function bulk(word: string | Buffer): string {
  return `$${word.length}\r\n${typeof word === 'string' ? word : word.toString('latin1')}\r\n`
}
