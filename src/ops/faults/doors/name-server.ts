import { createSocket } from 'node:dgram'
import type { DoorCounts } from './door.js'

type NameCounts = Pick<DoorCounts, 'lookupsAnswered' | 'lookupsFailed'>

/** A name server on loopback that knows one name. */
export interface NameServer {
  readonly host: string
  readonly port: number
  readonly name: string
  counts(): NameCounts
  /** Whether it knows its name; else it says in turn that there is no such name, and that it cannot tell. */
  know(known: boolean): void
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const HEADER_BYTES = 12
const TYPE_A = 1
const CLASS_IN = 1
const NO_ERROR = 0
const SERVER_FAILURE = 2
const NO_SUCH_NAME = 3

interface Question {
  name: string
  type: number
  /** As it was asked, to be repeated in the answer. */
  bytes: Buffer
}

/** @param address what the name stands for */
export async function startNameServer(name: string, address: string): Promise<NameServer> {
  const socket = createSocket('udp4')
  const counts: NameCounts = { lookupsAnswered: 0, lookupsFailed: 0 }
  let known = true

  const answer = (query: Buffer): Buffer | null => {
    const question = questionOf(query)
    if (question === null) return null
    if (question.name !== name) return response(query, question, NO_SUCH_NAME)
    if (!known) {
      counts.lookupsFailed++
      return response(query, question, counts.lookupsFailed % 2 === 1 ? NO_SUCH_NAME : SERVER_FAILURE)
    }
    // Asked for another kind of address, it says that there is none of that kind.
    if (question.type !== TYPE_A) return response(query, question, NO_ERROR)
    counts.lookupsAnswered++
    return response(query, question, NO_ERROR, address)
  }
  socket.on('error', () => undefined)
  socket.on('message', (query, { port, address: from }) => {
    const reply = answer(query)
    if (reply) socket.send(reply, port, from, () => undefined)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, HOST, () => {
      socket.off('error', reject)
      resolve()
    })
  })
  let closed: Promise<void> | undefined
  return {
    host: HOST,
    port: socket.address().port,
    name,
    counts: () => ({ ...counts }),
    know: (now) => {
      known = now
    },
    close: () => (closed ??= new Promise((resolve) => socket.close(() => resolve()))),
  }
}

/** Null for what is no question about one name. */
function questionOf(query: Buffer): Question | null {
  const isQuestion = query.length > HEADER_BYTES && (query.readUInt8(2) & 0xf8) === 0
  if (!isQuestion || query.readUInt16BE(4) !== 1) return null
  const labels: string[] = []
  let at = HEADER_BYTES
  for (;;) {
    const length = query[at]
    if (length === undefined || length > 63) return null
    at += 1
    if (length === 0) break
    labels.push(query.toString('latin1', at, at + length))
    at += length
  }
  if (at + 4 > query.length) return null
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at),
    bytes: query.subarray(HEADER_BYTES, at + 4),
  }
}

function response(query: Buffer, { bytes }: Question, code: number, address?: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  query.copy(header, 0, 0, 2)
  // A response, by who has the authority, to a question that may have asked for recursion.
  header.writeUInt8(0x84 | (query.readUInt8(2) & 0x01), 2)
  header.writeUInt8(0x80 | code, 3)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(address === undefined ? 0 : 1, 6)
  return Buffer.concat([header, bytes, ...(address === undefined ? [] : [record(address)])])
}

function record(address: string): Buffer {
  // The name of the question; nobody may keep the answer, as the next one may be another.
  const head = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, 0, 0, 4])
  return Buffer.concat([head, Buffer.from(address.split('.').map(Number))])
}
