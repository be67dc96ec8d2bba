import { builtinModules, createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type TypeScript from 'typescript'
import { EnvironmentError, UsageError } from '../report/errors.js'

type Compiler = typeof TypeScript

/**
 * The default export of `cache.config.ts`. It is transpiled in memory, types unchecked; nothing is written beside it.
 *
 * @throws EnvironmentError where `typescript` is not installed
 */
export async function loadTypeScript(path: string, text: string): Promise<unknown> {
  const ts = await compilerFor(path)
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: { after: [() => (source) => withPlaces(ts, source, path)] },
  })
  const [first] = diagnostics
  if (first) throw new UsageError('CONFIG_INVALID', `${placeOf(first, path)}: ${messageOf(ts, first)}`)
  const url = `data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`
  const module = (await import(url)) as { default?: unknown }
  if (module.default === undefined) {
    throw new UsageError('CONFIG_INVALID', `${path} has no default export.`, ['export default { … }'])
  }
  return module.default
}

async function compilerFor(path: string): Promise<Compiler> {
  let compiler: Partial<Compiler> | undefined
  try {
    // The bundle gives a CommonJS package its default export only.
    compiler = ((await import('typescript')) as { default?: Partial<Compiler> }).default
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const isAbsent = /^(?:ERR_)?MODULE_NOT_FOUND$|^ERR_PACKAGE_PATH_NOT_EXPORTED$/.test(String(code))
    if (!isAbsent) throw error
  }
  if (typeof compiler?.transpileModule === 'function') return compiler as Compiler
  throw new EnvironmentError(
    'TYPESCRIPT_MISSING',
    `${path} needs the package typescript to be read, ${compiler ? 'and the installed one has no compiler API' : 'which is not installed'}.`,
    [
      'npm install --save-dev typescript@6.0.3',
      'keep the settings in cache.config.yaml, cache.config.json or cache.config.mjs, which need nothing',
    ],
  )
}

/** A module that has no place itself cannot name others by theirs. */
function withPlaces(ts: Compiler, source: TypeScript.SourceFile, path: string): TypeScript.SourceFile {
  const { factory } = ts
  const statements = source.statements.map((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return statement
    const place = factory.createStringLiteral(placeOfImport(statement.moduleSpecifier.text, path))
    const { modifiers, importClause, attributes } = statement
    return factory.updateImportDeclaration(statement, modifiers, importClause, place, attributes)
  })
  return factory.updateSourceFile(source, statements)
}

function placeOfImport(specifier: string, path: string): string {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return specifier
  if (/\.[cm]?ts$/.test(specifier)) {
    throw new UsageError('CONFIG_INVALID', `${path} imports ${specifier}: other TypeScript is not read.`, [
      'import JavaScript or JSON, or write it into the file itself',
    ])
  }
  const isPath = /^\.{0,2}\//.test(specifier)
  return pathToFileURL(isPath ? resolve(dirname(path), specifier) : createRequire(path).resolve(specifier))
    .href
}

function placeOf({ file, start = 0 }: TypeScript.Diagnostic, path: string): string {
  const at = file?.getLineAndCharacterOfPosition(start)
  return at ? `${path}:${at.line + 1}:${at.character + 1}` : path
}

function messageOf(ts: Compiler, { messageText }: TypeScript.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, ' ')
}
