export const shortcuts = {
  title: 'Keyboard shortcuts',
  groups: { period: 'Period', view: 'What is shown', move: 'Around' },
  filter: 'Filter',
  compare: 'Comparison on and off',
  metric: 'Plot a metric: first to eighth',
  earlier: 'One period back',
  later: 'One period on',
  escape: 'Close, then clear the filters',
  help: 'This sheet',
  live: 'Live',
} as const
