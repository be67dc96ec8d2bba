import { dashed, first, quoted, type Candidate, type Grammar, type Place } from './grammar.js'

/** For `source <(cache completion bash)`. What is not known here, such as a file, bash completes as it always does. */
export function bashCompletion({ bin, places }: Grammar): string {
  return `# Completion of ${bin} for bash: source <(${bin} completion bash)
_${bin}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} place='' at words='' flags=''
  # bash splits --flag=value at the sign.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == -* ]] && break
    place+="\${place:+ }\${COMP_WORDS[at]}"
  done
  case $place in
${places.map(branch).join('\n')}
  esac
  [[ $cur == -* ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _${bin} ${bin}
`
}

function branch(place: Place): string {
  const pattern = place.words === '' ? '*' : `${quoted(place.words)}|${quoted(`${place.words} `)}*`
  const values = place.flags
    .filter(({ takesValue }) => takesValue)
    .map(({ name, char, values: known }) => {
      const flag = char === undefined ? `--${name}` : `--${name}|-${char}`
      return `        ${flag}) words=${quoted(known.join(' '))} ;;`
    })
  const rest = `words=${namesOf(first(place))} flags=${namesOf(dashed(place.flags))} ;;`
  if (values.length === 0) return `    ${pattern}) ${rest}`
  return `    ${pattern})
      case $prev in
${values.join('\n')}
        *) ${rest}
      esac ;;`
}

function namesOf(candidates: readonly Candidate[]): string {
  return quoted(candidates.map(({ name }) => name).join(' '))
}
