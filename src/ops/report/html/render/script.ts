/**
 * What a reader gets more where scripts run: values read off a chart, by pointer and by arrow keys, and a choice of theme.
 * It knows nothing that the page does not say: values are those of the table below the chart.
 */
export const SCRIPT = `
'use strict'
const make = (tag, attributes, parent) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  parent?.append(element)
  return element
}
for (const chart of document.querySelectorAll('.chart')) {
  const plot = chart.querySelector('.plot')
  const names = [...chart.querySelectorAll('thead th')].slice(1).map(({ textContent }) => textContent.trim())
  const steps = [...chart.querySelectorAll('tbody tr')].map((row) => [...row.cells].map(({ textContent }) => textContent.trim()))
  if (steps.length === 0) continue
  const frame = make('div', { class: 'frame' })
  plot.before(frame)
  frame.append(plot)
  const read = make('div', {
    class: 'read', role: 'slider', tabindex: '0', 'aria-label': 'Read values: ' + chart.querySelector('h4').textContent,
    'aria-valuemin': '0', 'aria-valuemax': String(steps.length - 1),
  }, frame)
  const cursor = make('div', { class: 'cursor', hidden: '' }, read)
  const value = make('p', { class: 'value', 'aria-hidden': 'true' })
  frame.after(value)
  let at = 0
  const tell = (index, isShown) => {
    at = Math.min(Math.max(index, 0), steps.length - 1)
    const [second, ...values] = steps[at]
    const text = second + ' s: ' + values.map((each, column) => names[column] + ' ' + each).join(', ')
    read.setAttribute('aria-valuenow', String(at))
    read.setAttribute('aria-valuetext', text)
    if (!isShown) return
    cursor.hidden = false
    cursor.style.left = ((at + 0.5) / steps.length) * 100 + '%'
    value.textContent = text
  }
  tell(0, false)
  const moves = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }
  read.addEventListener('keydown', (event) => {
    const move = moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    tell(cursor.hidden ? (move > 1 ? steps.length - 1 : 0) : at + move, true)
  })
  const point = ({ clientX }) => {
    const { left, width } = read.getBoundingClientRect()
    tell(Math.floor(((clientX - left) / width) * steps.length), true)
  }
  read.addEventListener('pointermove', point)
  read.addEventListener('pointerdown', point)
}
const themes = make('div', { class: 'theme', role: 'group', 'aria-label': 'Theme' })
document.querySelector('header').prepend(themes)
const choices = ['system', 'light', 'dark'].map((name) => {
  const button = make('button', { type: 'button', 'aria-pressed': String(name === 'system') }, themes)
  button.textContent = name
  button.addEventListener('click', () => {
    if (name === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = name
    for (const each of choices) each.setAttribute('aria-pressed', String(each === button))
  })
  return button
})
const opened = []
addEventListener('beforeprint', () => {
  for (const each of document.querySelectorAll('details:not([open])')) {
    each.open = true
    opened.push(each)
  }
})
addEventListener('afterprint', () => {
  for (const each of opened.splice(0)) each.open = false
})
`
