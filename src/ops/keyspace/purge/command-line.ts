/** A command line that can be pasted: flags with a value, flags without one (true), and what was not given. */
export function commandLine(
  words: readonly string[],
  flags: Readonly<Record<string, string | number | boolean | readonly string[] | undefined | null>>,
): string {
  const line = words.map(quoted)
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || value === null || value === false) continue
    if (value === true) line.push(`--${name}`)
    else for (const each of [value].flat()) line.push(`--${name}`, quoted(String(each)))
  }
  return line.join(' ')
}

function quoted(word: string): string {
  return /^[\w.,:/@=%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
