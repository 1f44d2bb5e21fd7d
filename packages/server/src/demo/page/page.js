// The tracker, as any site adds it; ?site= lets the demo be watched under another name.
const site = new URLSearchParams(location.search).get('site') || 'default'
const tracker = document.createElement('script')
tracker.src = '/clickwatch.js'
tracker.dataset.site = site
document.head.append(tracker)
if (site !== 'default') document.getElementById('dashboardLink').href = `/?site=${encodeURIComponent(site)}`

// Fake doors: they look like the real thing and say at once that they are not.
const dialog = document.getElementById('notBuiltYet')
for (const door of document.querySelectorAll('#tryNowButton, #demoButton, [data-fake-door]')) {
  door.addEventListener('click', () => dialog.showModal())
}

const thanks = document.getElementById('thanks')
const form = document.getElementById('contactForm')
form.addEventListener('submit', (event) => {
  event.preventDefault()
  form.reset()
  thanks.textContent = 'Thank you. This is a demo: nothing you wrote has left your browser.'
})
document.getElementById('subscribeButton').addEventListener('click', (event) => {
  event.currentTarget.textContent = 'Noted, thank you'
})
