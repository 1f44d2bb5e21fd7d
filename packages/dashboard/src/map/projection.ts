/** The sheet that the world is drawn on. */
export const sheet = { width: 960, height: 455 }
const scale = sheet.width / (2 * 2.7354)
// The polynomial's height just beyond 84 degrees north, where land ends.
const top = 1.38

/** The Natural Earth projection, by the polynomial of Šavrič, Patterson and Jenny: degrees in, a place on the sheet out. */
export const project = (longitude: number, latitude: number): [x: number, y: number] => {
  const [lambda, phi] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180]
  const phi2 = phi * phi
  const phi4 = phi2 * phi2
  const x = lambda * (0.8707 - 0.131979 * phi2 + phi4 * (-0.013791 + phi4 * (0.003971 * phi2 - 0.001529 * phi4)))
  const y = phi * (1.007226 + phi2 * (0.015085 + phi4 * (-0.044475 + 0.028874 * phi2 - 0.005916 * phi4)))
  return [sheet.width / 2 + scale * x, scale * (top - y)]
}
