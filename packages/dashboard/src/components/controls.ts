/** How what can be pressed or filled in looks, so that it looks alike everywhere. */
export const button =
  'rounded-lg border border-line bg-card px-2.5 py-1.5 font-medium hover:bg-raised disabled:opacity-40'
export const mainButton =
  'rounded-lg bg-accent px-3.5 py-1.5 font-semibold text-on-accent hover:opacity-90 disabled:opacity-40'
export const quietButton =
  'rounded-md px-2 py-1 text-xs font-medium text-soft hover:bg-raised hover:text-ink disabled:opacity-40'
export const field = 'rounded-lg border border-line bg-paper px-2.5 py-1.5'
export const floating = 'z-30 rounded-xl border border-line bg-card shadow-xl'
