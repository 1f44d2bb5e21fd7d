/** A site that has sent nothing yet. */
export const empty = {
  listening: 'Listening for the first event',
  title: 'Nothing has arrived for “{site}” yet',
  about: 'This page turns into your dashboard the moment something does.',
  see: 'See it work',
  seeHow: '<demo>Open the demo page</demo> beside this one and click around.',
  watch: 'Watch your own page',
  watchHow: 'Add one line to its <code>head</code>:',
  fill: 'Or fill it with 90 days of made-up visitors',
  fillHow: 'Stop the server and run <code>npm run demo</code>; it keeps its data apart from yours.',
  arrived: 'We received the first event of “{site}”. This page follows along from now on.',
  copy: 'Copy the snippet',
  copied: 'Copied',
} as const
