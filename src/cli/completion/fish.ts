import { quoted, type Grammar, type Place } from './grammar.js'

/** For `cache completion fish | source`. */
export function fishCompletion({ bin, places }: Grammar): string {
  const known = places
    .map(({ words }) => words)
    .filter((words) => words !== '')
    .map(q)
  return `# Completion of ${bin} for fish: ${bin} completion fish | source
function __${bin}_at --description 'Is the line at this command?'
    set --local line (commandline --tokenize --cut-at-cursor --current-process)[2..]
    set --local place
    for word in $line
        string match --quiet -- '-*' $word; and break
        contains -- (string join ' ' -- $place $word) ${known.join(' ')}; or break
        set --append place $word
    end
    test "$place" = "$argv[1]"
end
${places.flatMap((place) => linesOf(bin, place)).join('\n')}
`
}

function linesOf(bin: string, { words, next, flags }: Place): string[] {
  const start = `complete --command ${bin} --condition ${q(`__${bin}_at ${q(words)}`)}`
  return [
    ...next.map(({ name, summary }) => `${start} --no-files --arguments ${q(name)}${described(summary)}`),
    ...flags.map(({ name, char, summary, takesValue, values }) => {
      const short = char === undefined ? '' : ` --short-option ${char}`
      const value =
        values.length > 0
          ? ` --exclusive --arguments ${q(values.join(' '))}`
          : takesValue
            ? ' --require-parameter'
            : ''
      return `${start} --long-option ${name}${short}${value}${described(summary)}`
    }),
  ]
}

function described(summary: string): string {
  return summary === '' ? '' : ` --description ${q(summary)}`
}

/** In fish a backslash and a quote are escaped within single quotes. */
function q(text: string): string {
  return quoted(text.replaceAll('\\', '\\\\'), "\\'")
}
