import type { Command } from '../../library/backends/operator.js'

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

/** Commands of whatever words. */
export function encode(commands: readonly Command[]): Buffer {
  let text = ''
  for (const command of commands) {
    text += `*${command.length}\r\n`
    for (const word of command) text += bulk(word)
  }
  return Buffer.from(text, 'latin1')
}

function bulk(word: Command[number]): string {
  const bytes = bytesOf(word)
  return `$${bytes.length}\r\n${bytes}\r\n`
}

/** One character stands for one byte; most words are ASCII, and stay what they are. */
function bytesOf(word: Command[number]): string {
  if (Buffer.isBuffer(word)) return word.toString('latin1')
  const text = String(word)
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1')
}
