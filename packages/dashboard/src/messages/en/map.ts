export const map = {
  loading: 'Loading the map',
  country: '{name}: {count}',
} as const
