import { open, type FileHandle } from 'node:fs/promises'
import { EnvironmentError } from '../../report/errors.js'
import { writeRecord, writeVoid, type UndoRecord } from './undo-record.js'

/**
 * What was there before, one line per key, for its owner's eyes only (0600): it holds keys and values. A batch is on the
 * disk before its keys are touched, so that no end of this process loses one.
 */
export class UndoFile {
  readonly path: string
  readonly #file: FileHandle
  #batch: number
  /** Where the last whole batch ends. */
  #size: number
  /** Nodes of a cluster share the file; one writes at a time. */
  #before: Promise<unknown> = Promise.resolve()

  private constructor(path: string, file: FileHandle, batch: number, size: number) {
    this.path = path
    this.#file = file
    this.#batch = batch
    this.#size = size
  }

  /** @throws EnvironmentError `UNDO_NOT_WRITTEN` */
  static async create(path: string, header: object): Promise<UndoFile> {
    return written(path, async () => {
      const file = await open(path, 'ax', 0o600)
      const line = `${JSON.stringify(header)}\n`
      await file.appendFile(line)
      await file.sync()
      return new UndoFile(path, file, 0, Buffer.byteLength(line))
    })
  }

  /** Goes on with a file; batches of before keep their numbers to themselves. @throws EnvironmentError `UNDO_NOT_WRITTEN` */
  static async reopen(path: string): Promise<UndoFile> {
    return written(path, async () => {
      const file = await open(path, 'r+')
      const { size } = await file.stat()
      const end = await endOfLastLine(file, size)
      // The rest is of a batch that was never carried out.
      await file.truncate(end)
      await file.close()
      return new UndoFile(path, await open(path, 'a'), Date.now(), end)
    })
  }

  /** Resolves to the number of the batch once it is on the disk. @throws EnvironmentError `UNDO_NOT_WRITTEN` */
  async append(records: readonly UndoRecord[]): Promise<number> {
    const batch = ++this.#batch
    await this.#inTurn(async () => {
      await this.#file.appendFile(records.map((record) => writeRecord(batch, record)).join(''))
      await this.#file.datasync()
    })
    return batch
  }

  /** The keys of the batch are as they were: whoever restores must not bring them back. */
  async takeBack(batch: number): Promise<void> {
    await this.#inTurn(() => this.#file.appendFile(writeVoid(batch)))
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const turn = this.#before.then(() =>
      written(this.path, async () => {
        try {
          await write()
          this.#size = (await this.#file.stat()).size
        } catch (error) {
          // Other nodes may go on behind a line that was cut off, and the keys of these lines stay where they are.
          await this.#file.truncate(this.#size).catch(() => {})
          throw error
        }
      }),
    )
    this.#before = turn.catch(() => {})
    return turn
  }
}

async function written<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw new EnvironmentError(
      'UNDO_NOT_WRITTEN',
      `The undo file ${path} cannot be written: ${(error as Error).message}.`,
      [
        'free some space and go on with --resume',
        'or begin anew: --ledger DIR on another disk, or --no-undo',
      ],
      { cause: error },
    )
  }
}

/** Where the last whole line ends. */
async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024)
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - chunk.length)
    const { bytesRead } = await file.read(chunk, 0, end - from, from)
    const at = chunk.subarray(0, bytesRead).lastIndexOf(0x0a)
    if (at !== -1) return from + at + 1
    end = from
  }
  return 0
}
