// Shows the page that the dashboard asks for. It is a document of its own so that only it, and no screen, may frame other sites;
// opened by anybody else it stays empty.
addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent || source === window) return
  const address = URL.parse(data.address)
  if (!address || !['http:', 'https:'].includes(address.protocol)) return
  const frame = document.createElement('iframe')
  // A page of the dashboard's own origin that runs scripts must not reach out of its frame.
  const isOwn = address.origin === location.origin
  frame.sandbox = [
    ...(data.runsScripts ? ['allow-scripts'] : []),
    ...(data.runsScripts && isOwn ? [] : ['allow-same-origin']),
  ].join(' ')
  frame.referrerPolicy = 'no-referrer'
  frame.title = address.pathname
  frame.src = address.href
  document.body.replaceChildren(frame)
})
