import type { Analysis, AnalysisPlace, AnalysisResult, AnalysisRule } from '../analysis.js'
import { writeJsonText } from './json.js'

// Code hosts resolve what is relative to this name against the root of the repository.
const ROOT = '%SRCROOT%'

/** The analysis as a SARIF 2.1.0 log, for code scanning and editors; the same bytes for the same code, wherever it lies. */
export function writeSarif({ tool, version, rules, results, problems, isWhole }: Analysis): string {
  const run = {
    tool: { driver: { name: tool, ...versionsOf(version), rules: rules.map(ruleOf) } },
    // Runs of one tool replace each other on a code host, and no other tool's.
    automationDetails: { id: `${tool.replaceAll(' ', '-')}/` },
    originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: isWhole, toolExecutionNotifications: problems.map(notificationOf) }],
    results: results.map((result) => resultOf(result, rules)),
  }
  return writeJsonText({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  })
}

function versionsOf(version: string | undefined) {
  return version === undefined ? {} : { version, semanticVersion: version }
}

function ruleOf({ id, title, level, precision, page }: AnalysisRule) {
  const sentence = `${title[0]?.toUpperCase()}${title.slice(1)}.`
  const text = page === undefined ? sentence : withoutPageLinks(page)
  return {
    id,
    name: title.replace(/(?:^|\W+)(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, ''),
    shortDescription: { text: sentence },
    fullDescription: { text: firstParagraph(text) },
    // The pages are in the package and at no public address: here they go with the result.
    help: { text, markdown: text },
    defaultConfiguration: { level },
    properties: { precision, 'problem.severity': level, tags: ['cache', 'failover', 'reliability'] },
  }
}

/** Links from page to page lead nowhere outside the package. */
function withoutPageLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, '$1')
}

function firstParagraph(markdown: string): string {
  const paragraph = markdown.split(/\n\s*\n/).find((part) => !part.startsWith('#')) ?? markdown
  return paragraph.replaceAll('\n', ' ').trim()
}

function resultOf(result: AnalysisResult, rules: readonly AnalysisRule[]) {
  const { rule, level, message, place, related, fingerprint, suppressed } = result
  return {
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level,
    message: { text: message },
    locations: [locationOf(place)],
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        ...locationOf(each.place),
        message: { text: each.what },
      })),
    }),
    ...(fingerprint !== undefined && { partialFingerprints: { 'cacheAudit/v1': fingerprint } }),
    // A result without the property was not looked up, one with an empty list stands.
    suppressions: suppressed
      ? [
          {
            kind: suppressed.where === 'code' ? 'inSource' : 'external',
            status: 'accepted',
            justification: suppressed.reason,
          },
        ]
      : [],
  }
}

function notificationOf({ level, message, place }: Analysis['problems'][number]) {
  return { level, message: { text: message }, ...(place && { locations: [locationOf(place)] }) }
}

function locationOf({ file, line, column, endLine, endColumn, snippet }: AnalysisPlace) {
  // What lies outside the repository has no place relative to its root.
  const isInside = !file.startsWith('../')
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file), ...(isInside && { uriBaseId: ROOT }) },
      region: {
        startLine: line,
        startColumn: column,
        ...(endLine !== undefined && { endLine, endColumn }),
        ...(snippet !== undefined && { snippet: { text: snippet } }),
      },
    },
  }
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/')
}
