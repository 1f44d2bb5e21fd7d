// ClickWatch under the site's own name. CLICKWATCH_URL is where ClickWatch answers, for example http://127.0.0.1:8080.
const clickwatch = process.env.CLICKWATCH_URL

export default {
  async rewrites() {
    return [
      { source: '/hello/start.js', destination: `${clickwatch}/clickwatch.js` },
      { source: '/hello/e', destination: `${clickwatch}/e` },
      { source: '/hello/e.gif', destination: `${clickwatch}/e.gif` },
    ]
  },
}
