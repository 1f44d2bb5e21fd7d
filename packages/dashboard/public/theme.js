// Before the first paint, and not inline: the page allows no inline script.
try {
  const chosen = localStorage.getItem('clickwatch.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // A page embedded in another's may be denied storage: the theme is the system's then.
}
