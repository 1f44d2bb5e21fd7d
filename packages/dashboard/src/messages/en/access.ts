export const access = {
  title: 'This dashboard has a key',
  about:
    'It is what the server was started with as <code>CLICKWATCH_API_KEY</code>. This browser keeps it for the next time.',
  key: 'Access key',
  wrong: 'The server did not accept this key.',
  open: 'Open the dashboard',
  loopbackTitle: 'Only this server’s own machine may look',
  loopbackAbout:
    'ClickWatch runs without a key, so it shows its numbers to nobody over the network. To open it to others, start it with a key:',
} as const
