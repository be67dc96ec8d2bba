import ts from 'typescript'
import { declarationsOf, packageAt, stubPath } from '../recognise/packages.js'
import type { Resolver } from './resolver.js'
import { LANGUAGE, parse, type Sources } from './sources.js'

const OPTIONS: ts.CompilerOptions = {
  target: LANGUAGE,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts'],
  types: [],
  jsx: ts.JsxEmit.Preserve,
  allowJs: true,
  // Also where the project is not strict: a checker that drops null from types hides what the rules look for.
  strict: true,
  strictPropertyInitialization: false,
  skipLibCheck: true,
  noEmit: true,
  esModuleInterop: true,
}

// Declarations of the language and of known packages never change within a process, and are a good part of a small audit.
const library = new Map<string, ts.SourceFile>()

export interface Program {
  program: ts.Program
  /** Imports of own sources that led nowhere, each specifier of a file once. */
  unresolved: { file: string; specifier: string; position: number }[]
}

/** A program of the given files and what they import from the same repository, as far as they are worth following. */
export function createProgram(
  files: string[],
  resolver: Resolver,
  sources: Sources,
  isWorthFollowing: (file: string) => boolean,
): Program {
  const host = ts.createCompilerHost(OPTIONS)
  const missing = new Map<string, Program['unresolved'][number]>()
  const readFile = (path: string) => {
    const known = packageAt(path)
    return known === undefined ? ts.sys.readFile(path) : declarationsOf(known)
  }
  host.readFile = readFile
  host.fileExists = (path) => packageAt(path) !== undefined || ts.sys.fileExists(path)
  const libraryDirectory = host.getDefaultLibLocation?.() ?? ''
  host.getSourceFile = (path) => {
    const isOwn = packageAt(path) === undefined && !path.startsWith(libraryDirectory)
    if (isOwn) return ts.sys.fileExists(path) ? sources.parse(path) : undefined
    const file = library.get(path) ?? parse(path, readFile(path) ?? '')
    library.set(path, file)
    return file
  }
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map((literal) => {
      const resolution = resolver.resolve(literal.text, from)
      if (resolution === 'unresolved') {
        const { text: specifier, pos } = literal
        missing.set(`${from}\0${specifier}`, { file: from, specifier, position: pos + 1 })
      }
      if (typeof resolution === 'string') return { resolvedModule: undefined }
      if ('known' in resolution) return moduleAt(stubPath(resolution.known))
      return isWorthFollowing(resolution.file) ? moduleAt(resolution.file) : { resolvedModule: undefined }
    })
  const program = ts.createProgram({ rootNames: files, options: OPTIONS, host })
  return { program, unresolved: [...missing.values()] }
}

function moduleAt(resolvedFileName: string): ts.ResolvedModuleWithFailedLookupLocations {
  const suffix = /\.d\.[cm]?ts$|\.[cm]?[jt]sx?$/.exec(resolvedFileName)?.[0] ?? '.ts'
  return { resolvedModule: { resolvedFileName, extension: suffix, isExternalLibraryImport: false } }
}
