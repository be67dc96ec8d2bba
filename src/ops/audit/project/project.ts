import { resolve } from 'node:path'
import { statSync } from 'node:fs'
import ts from 'typescript'
import { findFiles } from './find-files.js'
import { concernsCaching, mayBeUsedForCaching } from './prefilter.js'
import { createProgram, textOf } from './program.js'
import { Resolver } from './resolver.js'
import { createSemantics, type Semantics } from './semantics.js'
import { SettingsReader } from './settings.js'
import { readWorkspace } from './workspace.js'

/** The code under audit, parsed and resolved. */
export interface Project extends Semantics {
  /** The files that the rules look at, sorted by path. */
  sources: ts.SourceFile[]
  /** Whether a declared type without null can be believed in this file. */
  isNullSafe(file: ts.SourceFile): boolean
  /** Syntax errors, and files that could not be read. */
  problems: { file: string; position: number; message: string }[]
  counts: { files: number; read: number; skipped: number; unresolvedImports: number }
}

/** Reads what lies below the paths, which exist. Several paths are one project with one workspace, that of the first. */
export function openProject(paths: string[], cwd: string): Project {
  const absolute = paths.map((path) => resolve(cwd, path))
  const found = absolute.map(findFiles)
  const files = [...new Set(found.flatMap(({ sources }) => sources))].sort()
  const workspace = readWorkspace(startOf(absolute[0] ?? cwd))
  const settings = new SettingsReader((name) => workspace.packages.get(name)?.directory)
  const problems: Project['problems'] = []

  const readable = (file: string): string => {
    const text = textOf(file)
    if (text === undefined) problems.push({ file, position: 0, message: 'cannot be read' })
    return text ?? ''
  }
  const followed = new Map<string, boolean>()
  const isWorthFollowing = (file: string): boolean => {
    let answer = followed.get(file)
    if (answer === undefined) {
      answer = mayBeUsedForCaching(textOf(file) ?? '')
      followed.set(file, answer)
    }
    return answer
  }
  const roots = files.filter((file) => concernsCaching(readable(file)))
  const { program, unresolved } = createProgram(roots, new Resolver(workspace, settings), isWorthFollowing)
  const sources = roots.flatMap((file) => program.getSourceFile(file) ?? [])
  for (const source of sources) {
    const [first] = program.getSyntacticDiagnostics(source)
    if (!first) continue
    const reason = ts.flattenDiagnosticMessageText(first.messageText, ' ')
    problems.push({ file: source.fileName, position: first.start ?? 0, message: `syntax error: ${reason}` })
  }
  return {
    ...createSemantics(program.getTypeChecker()),
    sources,
    isNullSafe: (file) => settings.of(file.fileName).strictNullChecks,
    problems,
    counts: {
      files: files.length,
      read: sources.length,
      skipped: found.reduce((sum, { skipped }) => sum + skipped, 0),
      unresolvedImports: unresolved,
    },
  }
}

function startOf(path: string): string {
  return statSync(path).isFile() ? resolve(path, '..') : path
}
