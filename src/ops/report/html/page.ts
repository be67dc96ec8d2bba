import type { Chart } from './chart.js'

/** How something ended: its word, and which of three looks it has. */
export interface Mark {
  level: 'good' | 'bad' | 'open'
  word: string
}

/** Text, as everything in a page: it is escaped where it is written, and may hold what an app or a server said. */
export type Cell = string | { text: string; to?: string; mark?: Mark }

export interface Table {
  /** What the rows are, for who hears the table and does not see where it stands. */
  caption: string
  columns: { title: string; isText?: boolean }[]
  /** The first cell names the row. */
  rows: Cell[][]
  notes?: string[]
}

export interface Fact {
  label: string
  text: string
}

/** A promise, whether it was kept, and why somebody may say so. */
export interface Judged {
  id: string
  title: string
  mark: Mark
  evidence: string
  /** Of a broken one: what happened, its cause, what to change, and a command that shows more. */
  facts: Fact[]
  command?: string
}

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'facts'; facts: Fact[] }
  | { kind: 'table'; title?: string; table: Table }
  | { kind: 'charts'; title: string; charts: Chart[] }
  | { kind: 'judged'; title: string; items: Judged[] }
  | { kind: 'commands'; title: string; commands: string[]; note?: string }

export interface Section {
  /** A name that links can point to, of `a` to `z`, `0` to `9` and `-`. */
  id: string
  title: string
  mark?: Mark
  blocks: Block[]
}

/** A report as a page: plain data in the order in which it is read. One function per report makes it, and no writer knows a command. */
export interface Page {
  title: string
  /** The command that it is of. */
  command: string
  question: string
  mark: Mark
  /** The verdict in a few words, and in one sentence with the numbers. */
  answer: string
  sentence: string
  /** What is read first, and what follows it, each on paper on a page of its own. */
  opening: Section[]
  sections: Section[]
  /** What is to be known of the page itself. */
  closing: string
}

/** When and with what a report was made, as far as somebody knows. */
export interface PageOrigin {
  /** ISO 8601, in UTC. */
  startedAt?: string
  endedAt?: string
  /** Such as `transparent-cache 0.1.0, Node v20.20.2, linux x64`. */
  tool?: string
}
