/**
 * Whether a path with forward slashes matches a pattern: `*` and `?` within a name, `**` across directories, `{a,b}` and `[ab]`. A
 * pattern without a slash matches a name at any depth, and one that matches a directory all that is below it, as in .gitignore.
 */
export function matches(pattern: string, path: string): boolean {
  const known = COMPILED.get(pattern) ?? compiled(pattern)
  COMPILED.set(pattern, known)
  return known.test(path)
}

const COMPILED = new Map<string, RegExp>()

function compiled(pattern: string): RegExp {
  const trimmed = pattern.replace(/^\.?\//, '').replace(/\/$/, '')
  const isAnchored = trimmed.includes('/') || pattern.startsWith('/') || pattern.startsWith('./')
  return new RegExp(`^${isAnchored ? '' : '(?:.*/)?'}${source(trimmed)}(?:/.*)?$`)
}

const TOKENS = /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]/]+\]|[^]/g

function source(pattern: string): string {
  return [...pattern.matchAll(TOKENS)]
    .map(([token]) => {
      if (token === '**/') return '(?:.*/)?'
      if (token === '**') return '.*'
      if (token === '*') return '[^/]*'
      if (token === '?') return '[^/]'
      if (token.length > 1 && token.startsWith('{')) {
        const choices = token.slice(1, -1).split(',')
        return `(?:${choices.map(source).join('|')})`
      }
      if (token.length > 1) return `[${token.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`
      return token.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')
    })
    .join('')
}
