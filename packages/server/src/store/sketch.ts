/** Merges the sketches of visitors that gold.traffic and gold.traffic_spans hold; migrations/011-sketches.sql says how far off they are. */
export const mergeSketches = (column: string): string => `uniqCombinedMerge(15)(${column})`
