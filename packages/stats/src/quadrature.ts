export type Node = { x: number; weight: number }

/** Gauss and Legendre's nodes and weights on [−1, 1] (DLMF 3.5.v): exact for polynomials up to degree 2·count − 1. */
const legendre = (count: number): Node[] =>
  Array.from({ length: count }, (_, index) => {
    let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5))
    let slope = 1
    for (let step = 0; step < 100; step++) {
      let [before, at] = [1, x]
      for (let degree = 2; degree <= count; degree++) {
        ;[before, at] = [at, ((2 * degree - 1) * x * at - (degree - 1) * before) / degree]
      }
      slope = (count * (x * at - before)) / (x * x - 1)
      const shift = at / slope
      x -= shift
      if (Math.abs(shift) < 1e-16) break
    }
    return { x, weight: 2 / ((1 - x * x) * slope * slope) }
  })

const unit = legendre(40)

/** Nodes and weights on an interval. */
export const nodes = (low: number, high: number): Node[] =>
  unit.map(({ x, weight }) => ({ x: low + ((x + 1) * (high - low)) / 2, weight: (weight * (high - low)) / 2 }))
