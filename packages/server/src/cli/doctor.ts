import { exitCodes } from './command.ts'
import { examine } from './doctor/examine.ts'
import type { Finding } from './doctor/finding.ts'

const signs: Record<Finding['state'], string> = { good: '✓', warning: '!', wrong: '✗' }

const print = ({ part, state, sentence, mend }: Finding): void => {
  process.stdout.write(`${signs[state]} ${part.padEnd(11)}  ${sentence}\n`)
  if (mend !== undefined) process.stdout.write(`${' '.repeat(15)}→ ${mend}\n`)
}

/** `clickwatch doctor`: looks at every part of the installation and says how what is broken is mended. */
export const doctor = async (isJson: boolean): Promise<number> => {
  const findings = await examine(
    process.env,
    isJson ? (one) => process.stdout.write(`${JSON.stringify(one)}\n`) : print,
  )
  const broken = findings.filter(({ state }) => state === 'wrong').length
  if (!isJson) {
    const sentence =
      broken === 0 ? 'Nothing is broken.' : `${broken} of ${findings.length} looks found something broken.`
    process.stdout.write(`\n${sentence}\n`)
  }
  return broken === 0 ? exitCodes.done : exitCodes.foundWrong
}
