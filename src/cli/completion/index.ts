import { bashCompletion } from './bash.js'
import { fishCompletion } from './fish.js'
import type { Grammar } from './grammar.js'
import { zshCompletion } from './zsh.js'

/** What each shell reads to complete our commands. */
export const completions: Readonly<Record<'bash' | 'zsh' | 'fish', (grammar: Grammar) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}
