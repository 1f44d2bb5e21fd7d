import type { Command } from './options.ts'
import { start } from './start.ts'

// What a script tag loads. A page may command it before it is there, if it says first:
// window.clickwatch = window.clickwatch || function () { (clickwatch.q = clickwatch.q || []).push(arguments) }
type Global = Command & { q?: ['event', string][]; isOn?: boolean }
const page = window as unknown as { clickwatch?: Global }

const script = document.currentScript as HTMLScriptElement | null
if (script && !page.clickwatch?.isOn) {
  // Events go beside the script, wherever a site's own path puts it.
  const command: Global = start({ endpoint: new URL('e', script.src).href, ...script.dataset })
  for (const given of page.clickwatch?.q || []) command(...given)
  command.isOn = true
  page.clickwatch = command
}
