import { encode } from 'uqr'

const quietZone = 2

/** A text as squares that a phone reads; dark on light in either theme, as phones want it. */
export const QrCode = ({ text, label }: { text: string; label: string }) => {
  const { data, size } = encode(text, { border: quietZone })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} className="size-48 rounded-lg bg-white">
      <path d={dark} fill="#000" />
    </svg>
  )
}
