import type { Report } from '../../report.js'
import type { Page } from '../page.js'
import { closingOf } from './origin.js'

/** Of a command that could not do its job. */
export function errorPage({ command, error }: Report): Page {
  const suggestions = error?.suggestions ?? []
  return {
    title: `No result of cache ${command}`,
    command: `cache ${command}`,
    question: 'There is no report, and nothing is proved.',
    mark: { level: 'bad', word: error?.code ?? 'STOPPED' },
    answer: error ? 'It could not be done.' : 'Stopped before there was a result.',
    sentence: error?.message ?? '',
    opening:
      suggestions.length === 0
        ? []
        : [
            {
              id: 'change',
              title: 'What to change',
              blocks: suggestions.map((text) => ({ kind: 'text', text })),
            },
          ],
    sections: [],
    closing: closingOf({}),
  }
}
