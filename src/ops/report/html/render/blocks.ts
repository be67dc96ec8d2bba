import type { Block, Fact, Judged } from '../page.js'
import { escape } from './escape.js'
import { figureOf } from './figure.js'
import { badge, tableOf } from './table.js'

/** One part of a page. */
export function blockOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escape(block.text)}</p>`
    case 'facts':
      return factsOf(block.facts)
    case 'table':
      return `${headed(block.title)}${tableOf(block.table)}`
    case 'charts':
      return `${headed(block.title)}<div class="charts">${block.charts.map(figureOf).join('\n')}</div>`
    case 'judged':
      return `${headed(block.title)}<ul class="judged">${block.items.map(judgedOf).join('\n')}</ul>`
    case 'commands':
      return [
        headed(block.title),
        ...block.commands.map(commandOf),
        ...(block.note === undefined ? [] : [`<p class="note">${escape(block.note)}</p>`]),
      ].join('\n')
  }
}

function headed(title: string | undefined): string {
  return title === undefined ? '' : `<h3>${escape(title)}</h3>\n`
}

function factsOf(facts: readonly Fact[]): string {
  const items = facts.map(({ label, text }) => `<div><dt>${escape(label)}</dt><dd>${escape(text)}</dd></div>`)
  return `<dl>${items.join('\n')}</dl>`
}

function judgedOf({ id, title, mark, evidence, facts, command }: Judged): string {
  return [
    `<li class="${mark.level}"><h4>${badge(mark)} <span class="id">${escape(id)}</span> ${escape(title)}</h4>`,
    evidence === '' ? '' : `<p>${escape(evidence)}</p>`,
    facts.length > 0 ? factsOf(facts) : '',
    command === undefined ? '' : commandOf(command),
    '</li>',
  ].join('')
}

function commandOf(command: string): string {
  return `<pre tabindex="0"><code>${escape(command)}</code></pre>`
}
