const cells = 2 ** 15

/**
 * SQL that merges the sketches of visitors that gold.traffic and gold.traffic_spans hold; migrations/011-sketches.sql says how far off they are.
 *
 * ClickHouse counts empty cells up to 2.5 visitors a cell and takes HyperLogLog's estimate from there on, which begins 2.7 % too high and is right
 * again at 5 a cell. It takes that back in sketches of 2^17 cells alone, so that here it is done for 2^15: the bias is what Poisson's
 * distribution gives for the largest rank of a cell (Heule, Nunkesser, Hall: HyperLogLog in Practice, 2013, section 5.2), as an exponential
 * that is within 0.03 % of it.
 */
export const mergeSketches = (column: string): string => {
  const estimate = `uniqCombinedMerge(15)(${column})`
  return `if(${estimate} <= ${2.5 * cells}, ${estimate}, toUInt64(round(${estimate} / (1 + 0.0269 * exp(-1.8 * (${estimate} / ${cells} - 2.5))))))`
}
