/** What a look at one part of an installation has found. */
export type Finding = {
  /** What was looked at, in a word or two. */
  part: string
  /** `warning`: it works, and is not as it should be. */
  state: 'good' | 'warning' | 'wrong'
  sentence: string
  /** What is to be done about it; of what is good there is nothing. */
  mend?: string
}

export const good = (part: string, sentence: string): Finding => ({ part, state: 'good', sentence })
export const warning = (part: string, sentence: string, mend: string): Finding => ({
  part,
  state: 'warning',
  sentence,
  mend,
})
export const wrong = (part: string, sentence: string, mend: string): Finding => ({
  part,
  state: 'wrong',
  sentence,
  mend,
})
