import { readdirSync, statSync, type Dirent } from 'node:fs'
import { join, relative, sep } from 'node:path'

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/
const DECLARATION = /\.d\.[cm]?ts$/
// Built, fetched or generated: not what somebody reviews.
const NOT_SOURCE = new Set(['node_modules', 'bower_components', 'vendor', 'dist', 'build', 'out', 'coverage'])
const GENERATED = /\.min\.[cm]?js$|\.generated\.|\.gen\.[jt]sx?$|(?:^|\/)generated\//
// A web server hands it to browsers as it is: an editor, a player, a service worker. Among the sources of a service, `public`
// says who may ask.
const SERVED =
  /^(?!(?:.*\/)?(?:src|app|api|routes?|router|controllers|handlers|lib|server|modules)\/).*?(?:^|\/)public\/.*\.[cm]?js$/
// A test or benchmark may build what production must not; measured below the path that was asked for, so that one can audit tests.
const TEST =
  /(?:^|\/)(?:__(?:tests|e2e|mocks|fixtures)__|tests?|e2e|fixtures|cypress|playwright|\.storybook)\/|[.-](?:test|spec|stories|bench)\.[cm]?[jt]sx?$/
// In the directory of an app router, folders are parts of a URL: `/api/tests` is tested elsewhere.
const ROUTED = /(?:^|\/)app\/.*\/(?:route|page|layout)\.[cm]?[jt]sx?$/
// Among the sources of an application, a benchmark is what somebody's results are compared with.
const BENCHMARK = /^(?!(?:.*\/)?src\/).*?(?:^|\/)bench(?:marks?)?\//

export interface FoundFiles {
  /** Absolute, sorted. */
  sources: string[]
  /** Sources left out by name: tests, benchmarks, stories, generated code, what browsers are served. */
  skipped: number
  /** Directories that may not be listed. */
  closed: string[]
}

/** The source files below a directory, or the file itself. Directories of built or fetched code and dot directories are left out. */
export function findFiles(path: string): FoundFiles {
  if (statSync(path).isFile()) return { sources: SOURCE.test(path) ? [path] : [], skipped: 0, closed: [] }
  const found: FoundFiles = { sources: [], skipped: 0, closed: [] }
  const visit = (file: string) => {
    if (!SOURCE.test(file) || DECLARATION.test(file)) return
    const name = relative(path, file).split(sep).join('/')
    if (isTest(name) || [BENCHMARK, GENERATED, SERVED].some((each) => each.test(name))) found.skipped += 1
    else found.sources.push(file)
  }
  walk(path, visit, (directory) => found.closed.push(directory))
  return found
}

/** Why a file below a directory is left out by its name; undefined when it is not. */
export function leftOutBecause(file: string, directory: string): string | undefined {
  const name = relative(directory, file).split(sep).join('/')
  const folders = name.split('/').slice(0, -1)
  const built = folders.find((each) => NOT_SOURCE.has(each) || each.startsWith('.'))
  if (built !== undefined) return `what lies in ${built}/ is built, fetched or hidden`
  if (!SOURCE.test(file)) return 'it is neither TypeScript nor JavaScript'
  if (DECLARATION.test(file)) return 'it only declares types'
  if (GENERATED.test(name)) return 'by its name it is generated'
  if (SERVED.test(name)) return 'what lies in public/ is served to browsers as it is'
  return isTest(name) ? 'by its name it is a test, a benchmark or a story' : undefined
}

function isTest(name: string): boolean {
  return TEST.test(name) && !ROUTED.test(name)
}

/** The directories of all packages below a directory. */
export function findPackages(root: string): string[] {
  const packages: string[] = []
  walk(root, (file, name, directory) => {
    if (name === 'package.json') packages.push(directory)
  })
  return packages
}

function walk(
  directory: string,
  visit: (file: string, name: string, directory: string) => void,
  onClosed: (directory: string) => void = () => {},
): void {
  const entries = entriesOf(directory)
  if (entries === undefined) {
    onClosed(directory)
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry
    const path = join(directory, name)
    // Links are not followed: they lead out of the tree, or in circles.
    if (entry.isDirectory()) {
      if (!NOT_SOURCE.has(name) && !name.startsWith('.')) walk(path, visit, onClosed)
    } else if (entry.isFile()) visit(path, name, directory)
  }
}

function entriesOf(directory: string): Dirent[] | undefined {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    return undefined
  }
}
