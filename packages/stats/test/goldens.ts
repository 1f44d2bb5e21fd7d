import goldens from './goldens.json' with { type: 'json' }

export { goldens }

/** How far a value is from what it should be, relative to it; the difference itself where that is 0. */
export const offBy = (value: number, wanted: number): number =>
  value === wanted ? 0 : Math.abs(value - wanted) / (wanted === 0 ? 1 : Math.abs(wanted))
