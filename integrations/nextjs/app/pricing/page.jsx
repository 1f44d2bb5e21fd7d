export default function Pricing() {
  return (
    <main>
      <h1>The price</h1>
      <button type="button" id="buy" data-cw-cta>
        Buy
      </button>
    </main>
  )
}
