import { relative, resolve, sep } from 'node:path'
import { statSync } from 'node:fs'
import ts from 'typescript'
import { declaredNames } from './declared-names.js'
import { findFiles } from './find-files.js'
import { concernsCaching, mayBeUsedForCaching } from './prefilter.js'
import { createProgram } from './program.js'
import { Resolver, type Resolution } from './resolver.js'
import { createSemantics, type Semantics } from './semantics.js'
import { SettingsReader } from './settings.js'
import { Sources, type Problem } from './sources.js'
import { readWorkspace } from './workspace.js'

/** What was found and read of the code under audit. */
export interface Read {
  /** Syntax errors, and what could not be read. */
  problems: Problem[]
  /** All that were found, also those that can concern no rule. */
  files: string[]
  counts: { files: number; read: number; skipped: number; unresolvedImports: number }
}

/** The code under audit, parsed and resolved. */
export interface Project extends Semantics, Read {
  /** The files that the rules look at, sorted by path. */
  sources: ts.SourceFile[]
  /** Whether a declared type without null can be believed in this file. */
  isNullSafe(file: ts.SourceFile): boolean
  /** Where a file is in its repository, such as `/src/cache.ts`: what lies above says nothing of the code. */
  pathOf(file: ts.SourceFile): string
  /** Whether another file has the name in its text, also one that no rule looks at. */
  isMentioned(name: string, except: ts.SourceFile): boolean
  /** Where an import leads; `unfollowed` to own code that is about something else. */
  leadsTo(specifier: string, from: string): Resolution | 'unfollowed'
}

export const NOTHING_READ: Read = {
  problems: [],
  files: [],
  counts: { files: 0, read: 0, skipped: 0, unresolvedImports: 0 },
}

/** Reads what lies below the paths, which exist. Several paths are one project with one workspace, that of the first. */
export function openProject(paths: string[], cwd: string): Project {
  const reading = readProject(paths, cwd)
  for (;;) {
    const { done, value } = reading.next()
    if (done) return value
  }
}

/** The same in steps, so that the event loop may turn in between; what is ignored is followed, and not judged. */
export function* readProject(
  paths: string[],
  cwd: string,
  isIgnored: (file: string) => boolean = () => false,
): Generator<undefined, Project, void> {
  const absolute = paths.map((path) => resolve(cwd, path))
  const found = absolute.map(findFiles)
  const all = [...new Set(found.flatMap((each) => each.sources))].sort()
  const files = all.filter((file) => !isIgnored(file))
  yield
  const workspace = readWorkspace(startOf(absolute[0] ?? cwd))
  const settings = new SettingsReader((name) => workspace.packages.get(name)?.directory)
  const sources = new Sources()
  const roots: string[] = []
  for (const file of files) {
    if (!concernsCaching(sources.text(file))) continue
    roots.push(file)
    sources.parse(file)
    yield
  }
  const followed = new Map<string, boolean>()
  const isWorthFollowing = (file: string): boolean => {
    let answer = followed.get(file)
    if (answer === undefined) {
      answer = mayBeUsedForCaching(sources.text(file))
      followed.set(file, answer)
    }
    return answer
  }
  const resolver = new Resolver(workspace, settings)
  const { program, unresolved } = createProgram(roots, resolver, sources, isWorthFollowing)
  yield
  // The binder has set the nodes' parents then.
  const checker = program.getTypeChecker()
  const own = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file))
  const read = roots.flatMap((file) => program.getSourceFile(file) ?? [])
  const closed = found.flatMap((each) => each.closed)
  return {
    ...createSemantics(checker, declaredNames(own), (specifier, from) => {
      const resolution = resolver.resolve(specifier, from.fileName)
      return typeof resolution !== 'string' && 'file' in resolution
        ? program.getSourceFile(resolution.file)
        : undefined
    }),
    sources: read,
    isNullSafe: (file) => settings.of(file.fileName).strictNullChecks,
    pathOf: ({ fileName }) => `/${relative(workspace.root, fileName).split(sep).join('/')}`,
    isMentioned: (name, except) =>
      files.some((file) => file !== except.fileName && sources.text(file).includes(name)),
    leadsTo: (specifier, from) => {
      const resolution = resolver.resolve(specifier, from)
      const isFile = typeof resolution !== 'string' && 'file' in resolution
      return isFile && !isWorthFollowing(resolution.file) ? 'unfollowed' : resolution
    },
    problems: [
      ...read.flatMap((file) => syntaxErrorIn(file, program)),
      ...sources.problems,
      ...[...new Set(closed)].map(closedDirectory),
      ...unresolved.slice(0, NAMED).flatMap(({ file, specifier, position }) => {
        const source = program.getSourceFile(file)
        const message = `import '${specifier}' led nowhere`
        return source ? [{ file, source, position, message, isUnjudged: false }] : []
      }),
    ],
    files,
    counts: {
      files: files.length,
      read: read.length,
      skipped: found.reduce((sum, { skipped }) => sum + skipped, all.length - files.length),
      unresolvedImports: unresolved.length,
    },
  }
}

// A checkout without its generated code has hundreds; the count says how many.
const NAMED = 10

/** The first one: what follows it is seldom worth reading. */
function syntaxErrorIn(file: ts.SourceFile, program: ts.Program): Problem[] {
  const [first] = program.getSyntacticDiagnostics(file)
  if (!first) return []
  const reason = ts.flattenDiagnosticMessageText(first.messageText, ' ')
  const message = `syntax error: ${reason}`
  return [{ file: file.fileName, source: file, position: first.start ?? 0, message, isUnjudged: false }]
}

function closedDirectory(file: string): Problem {
  return { file, position: 0, message: 'this directory cannot be read', isUnjudged: true }
}

function startOf(path: string): string {
  return statSync(path).isFile() ? resolve(path, '..') : path
}
