import type { Parameter, Parameters } from '../store/store.ts'

/** The parameters of a statement, each bound under a name of its own as the SQL that needs it is written. */
export class Bound {
  readonly parameters: Parameters = {}
  #next = 0

  /** @returns the SQL that stands for the value */
  add(value: Parameter, type: 'String' | 'Array(String)' | 'Int64' | 'Float64'): string {
    const name = `bound${this.#next++}`
    this.parameters[name] = value
    return `{${name}:${type}}`
  }
}
