import { expect, it } from 'vitest'
import { languageOf, loadCatalogue } from './catalogue.ts'

it('a reader gets the first of their languages that there is', () => {
  expect(languageOf(['de-AT', 'en-GB'], ['de', 'pt-BR'])).toBe('de')
  expect(languageOf(['pt-BR'], ['de', 'pt-BR'])).toBe('pt-BR')
  expect(languageOf(['ja', 'en-US', 'de'], ['de'])).toBe('en')
  expect(languageOf(['ja'], ['de'])).toBe('en')
})

it('a language that there is not is English', async () => {
  const { language, messages } = await loadCatalogue(['tlh'])
  expect(language).toBe('en')
  expect(messages.names.metrics.visitors).toBe('Visitors')
})
