/** What is told, in the forms of every way out. */
export type Message = {
  subject: string
  /** Plain text, line by line. */
  lines: string[]
  /** The same as HTML, where it is more than lines. */
  html?: string
  /** The same as data, for a webhook of ClickWatch's own format. */
  facts: object
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export const htmlOf = ({ lines, html }: Message): string =>
  html ?? lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')

// https://api.slack.com/reference/surfaces/formatting: these three begin what Slack would make links and mentions of.
const escapeSlack = (text: string): string =>
  text.replace(/[&<>]/g, (each) => ({ '&': '&amp;', '<': '&lt;' })[each] ?? '&gt;')

/** A message as Slack's incoming webhooks take one, and what understands them: Mattermost, Discord's /slack, Google Chat's bridges. */
export const slackBodyOf = ({ subject, lines }: Message): object => {
  const text = [`*${escapeSlack(subject)}*`, ...lines.map(escapeSlack)].join('\n')
  return { text }
}

export const jsonBodyOf = ({ subject, lines, facts }: Message): object => ({
  subject,
  text: lines.join('\n'),
  ...facts,
})
