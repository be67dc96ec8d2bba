const ORDERED =
  /z(?:add|incrby|count|remrangebyscore|(?:rev)?rangebyscore|range)|expireat|['"](?:px|ex)at['"]/i
const STORES =
  /call\(\s*['"](?:h?m?set(?:nx|ex)?|psetex|getset|sadd|[lr]pushx?|xadd|publish|append|json\.set)['"]/i

/** Whether a script calculates with an argument or orders by it; one that is only stored is a fact, not a clock. */
export function usesAsTime(lua: string, index: number): 'yes' | 'no' | 'unknown' {
  const statements = statementsOf(lua)
  const argument = `ARGV\\s*\\[\\s*${index}\\s*\\]`
  const names = [
    ...statements
      .join('\n')
      .matchAll(new RegExp(`local\\s+(\\w+)\\s*=\\s*(?:tonumber\\s*\\(\\s*)?${argument}[\\s)]*$`, 'gm')),
  ]
  const one = `(?:${[argument, ...names.map(([, name]) => `\\b${name}\\b`)].join('|')})`
  const declares = new RegExp(`local\\s+\\w+\\s*=\\s*(?:tonumber\\s*\\(\\s*)?${argument}[\\s)]*$`)
  const uses = statements.filter((each) => new RegExp(one).test(each) && !declares.test(each))
  const calculates = new RegExp(
    `${one}\\s*\\)?\\s*(?:[-+*/%<>]|[=~]=)|(?:[-+*/%<>]|[<>=~]=)\\s*(?:tonumber\\s*\\(\\s*)?${one}`,
  )
  if (uses.some((each) => calculates.test(each) || ORDERED.test(each))) return 'yes'
  return uses.every((each) => STORES.test(each)) ? 'no' : 'unknown'
}

/** Without comments, and with what stands in parentheses on one line. */
function statementsOf(lua: string): string[] {
  let depth = 0
  let text = ''
  for (const char of lua.replaceAll(/--\[\[[^]*?\]\]|--[^\n]*/g, '')) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    text += char === '\n' && depth > 0 ? ' ' : char
  }
  return text.split(/\n|;/)
}
