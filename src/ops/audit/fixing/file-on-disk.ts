import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type ts from 'typescript'

const BOM = '\uFEFF'

/** Why a file must not be written; undefined when it may. */
export function reasonAgainst(file: ts.SourceFile, cwd: string): string | undefined {
  const { fileName: path } = file
  try {
    if (lstatSync(path).isSymbolicLink()) return 'the file is a link'
    const [first] = relative(realpathSync(cwd), realpathSync(path)).split(sep)
    if (first === '..') return 'the file is outside of the working directory'
    const content = readFileSync(path)
    const { text } = decoded(content)
    if (!Buffer.from(text).equals(content.subarray(content.length - Buffer.byteLength(text)))) {
      return 'the file is not UTF-8'
    }
    return text === file.text ? undefined : 'the file was changed since it was read'
  } catch (error) {
    return `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`
  }
}

/** The text as it was read for the audit, and what stands before it. */
export function decoded(content: Buffer): { mark: string; text: string } {
  const text = content.toString('utf8')
  return text.startsWith(BOM) ? { mark: BOM, text: text.slice(1) } : { mark: '', text }
}
