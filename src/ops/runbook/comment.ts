/** Splits a line where a comment begins: at a `#` behind a space or at the start, outside of quotes. */
export function commentOf(line: string): { command: string; comment?: string } {
  let quote: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!
    if (char === '\\' && quote !== "'") at += 1
    else if (quote !== undefined) quote = char === quote ? undefined : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '#' && /^$|\s/.test(line[at - 1] ?? '')) {
      return { command: line.slice(0, at), comment: line.slice(at) }
    }
  }
  return { command: line }
}
