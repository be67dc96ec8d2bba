import { dashed, first, quoted, type Candidate, type Grammar, type Place } from './grammar.js'

/** For `source <(cache completion zsh)`, after compinit, or as a file `_cache` on fpath. */
export function zshCompletion({ bin, places }: Grammar): string {
  return `#compdef ${bin}
# Completion of ${bin} for zsh: source <(${bin} completion zsh)
_${bin}() {
  local prev=\${words[CURRENT-1]} place='' word
  local -a names flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && break
    place+="\${place:+ }$word"
  done
  if [[ $PREFIX == --*=* ]]; then
    prev=\${PREFIX%%=*}
    compset -P '*='
  fi
  case $place in
${places.map(branch).join('\n')}
  esac
  [[ $PREFIX == -* ]] && names=($flags)
  if (( \${#names} )); then
    _describe ${bin} names
  else
    _files
  fi
}
compdef _${bin} ${bin}
`
}

function branch(place: Place): string {
  const pattern = place.words === '' ? '*' : `${quoted(place.words)}|${quoted(`${place.words} `)}*`
  const values = place.flags
    .filter(({ takesValue }) => takesValue)
    .map(({ name, char, values: known }) => {
      const flag = char === undefined ? `--${name}` : `--${name}|-${char}`
      return `        ${flag}) names=(${known.map((each) => quoted(each)).join(' ')}) ;;`
    })
  const rest = `        *) names=(${listOf(first(place))}) flags=(${listOf(dashed(place.flags))}) ;;`
  return `    ${pattern})
      case $prev in
${[...values, rest].join('\n')}
      esac ;;`
}

function listOf(candidates: readonly Candidate[]): string {
  return candidates.map(described).join(' ')
}

function described({ name, summary }: Candidate): string {
  return quoted(summary === '' ? name : `${name.replaceAll(':', '\\:')}:${summary}`)
}
