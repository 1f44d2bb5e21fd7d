import Link from 'next/link'

export default function Page() {
  return (
    <main>
      <h1>An idea</h1>
      <Link href="/pricing" id="see-pricing">
        See the price
      </Link>
    </main>
  )
}
