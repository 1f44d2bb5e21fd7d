/** What whoever opens a shared link meets first. */
export const share = {
  loading: 'Opening the link',
  passwordTitle: 'This link has a password',
  passwordAbout: 'Whoever sent you the link knows it.',
  password: 'Password',
  open: 'Open',
  goneTitle: 'This link shows nothing',
  shared: 'Shared with you, read only',
  limited: 'Limited to what its owner chose',
} as const
