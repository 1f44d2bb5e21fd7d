// Before the first paint, and not inline: the page allows no inline script.
const chosen = localStorage.getItem('clickwatch.theme')
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
