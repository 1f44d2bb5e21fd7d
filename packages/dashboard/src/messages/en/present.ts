/** Who is on the site now. */
export const present = {
  title: 'On the site now',
  seen: 'seen in the last 5 minutes',
  loading: 'Loading who is on the site',
  nobody: 'Nobody at this moment',
  more: 'and {count, number} more',
  unknownBrowser: 'Unknown browser',
  from: 'from {source}',
  on: 'on {page}',
  doings: {
    page_view: 'viewed',
    click: 'clicked',
    rage_click: 'clicked in anger',
    cta_seen: 'saw',
    hover: 'looked at',
    scroll: 'scrolled',
    submit: 'submitted',
    form_abandon: 'gave up',
    engagement: 'read',
    web_vital: 'measured',
    custom: 'did',
  },
} as const
