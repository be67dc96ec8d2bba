/**
 * The words of a command line, quoted as in a shell and with nothing expanded: no variables, no globs, no pipes.
 *
 * @returns null when a quote is not closed, or where a shell would be needed
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!
    if (quote !== undefined) {
      if (char === quote) quote = undefined
      else if (char === '\\' && quote === '"' && /["\\]/.test(line[at + 1] ?? '')) word += line[++at]!
      else word += char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === '#' && word === undefined) {
      break
    } else if (/[|&;<>`$()]/.test(char)) {
      return null
    } else word = (word ?? '') + (char === '\\' ? (line[++at] ?? '') : char)
  }
  if (quote !== undefined) return null
  return word === undefined ? words : [...words, word]
}
