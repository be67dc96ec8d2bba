import { randomBytes } from 'node:crypto'
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { EnvironmentError, SafetyError } from '../../report/errors.js'
import type { PurgeResult } from '../../report/purge-report.js'
import { LEDGER_FILE, LEDGER_SCHEMA, UNDO_FILE, UNDO_SCHEMA, type LedgerHeader } from './ledger-header.js'
import { lockLedger } from './ledger-lock.js'
import { readLedger } from './read-ledger.js'
import { UndoFile } from './undo-file.js'

/** What a purge does, line by line, in a directory of its own (0700); the undo file lies beside it. Holds no key. */
export class Ledger {
  readonly directory: string
  readonly header: LedgerHeader
  readonly undo: UndoFile | null
  readonly #file: FileHandle
  readonly #unlock: () => Promise<void>

  private constructor(
    directory: string,
    header: LedgerHeader,
    file: FileHandle,
    undo: UndoFile | null,
    unlock: () => Promise<void>,
  ) {
    this.directory = directory
    this.header = header
    this.#file = file
    this.undo = undo
    this.#unlock = unlock
  }

  /** @throws EnvironmentError `LEDGER_NOT_WRITTEN`, `UNDO_NOT_WRITTEN` */
  static async begin(parent: string, header: LedgerHeader): Promise<Ledger> {
    const at = new Date().toISOString()
    const id = `${at.slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}`
    const directory = join(parent, id)
    return written(directory, async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      // Whatever the project commits, keys and values are not part of it.
      await writeFile(join(directory, '.gitignore'), '*\n')
      const unlock = await lockLedger(directory)
      const file = await open(join(directory, LEDGER_FILE), 'ax', 0o600)
      const { target, method, undo } = header
      const undoFile = undo
        ? await UndoFile.create(join(directory, UNDO_FILE), { schema: UNDO_SCHEMA, id, at, target, method })
        : null
      const ledger = new Ledger(directory, header, file, undoFile, unlock)
      await ledger.#write({ event: 'begun', schema: LEDGER_SCHEMA, id, at, ...header })
      await file.sync()
      await syncDirectory(directory)
      return ledger
    })
  }

  /**
   * Goes on with a purge that did not come to its end.
   *
   * @throws UsageError when there is none; SafetyError when it is done, or still going on; EnvironmentError when it cannot
   * be written
   */
  static async resume(directory: string): Promise<Ledger> {
    const { header, complete } = await readLedger(directory)
    if (complete) {
      throw new SafetyError(
        'ALREADY_DONE',
        `The purge of ${directory} is done: there is nothing to resume.`,
        ['for keys that came since: begin anew with the same command'],
      )
    }
    return written(directory, async () => {
      const unlock = await lockLedger(directory)
      const file = await open(join(directory, LEDGER_FILE), 'a')
      const undoFile = header.undo ? await UndoFile.reopen(join(directory, UNDO_FILE)) : null
      const ledger = new Ledger(directory, header, file, undoFile, unlock)
      // The last line may have been cut off in the middle.
      await file.appendFile('\n')
      await ledger.#write({ event: 'resumed', at: new Date().toISOString() })
      return ledger
    })
  }

  async end(result: PurgeResult): Promise<void> {
    await this.#write({ event: 'ended', at: new Date().toISOString(), ...result })
    await written(this.directory, () => this.#file.sync())
    await this.#file.close()
    await this.undo?.close()
    await this.#unlock()
  }

  async #write(line: object): Promise<void> {
    await written(this.directory, () => this.#file.appendFile(`${JSON.stringify(line)}\n`))
  }
}

/** A file whose name is not on the disk is lost with the machine, whatever is in it. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function written<T>(directory: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof EnvironmentError || error instanceof SafetyError) throw error
    throw new EnvironmentError(
      'LEDGER_NOT_WRITTEN',
      `The ledger in ${directory} cannot be written: ${(error as Error).message}.`,
      ['--ledger DIR, a directory that you may write to'],
      { cause: error },
    )
  }
}
