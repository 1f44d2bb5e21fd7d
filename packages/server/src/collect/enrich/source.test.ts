import { describe, expect, it } from 'vitest'
import { acquisitionOfPage, classify } from './source.ts'

const page = (search: string, referrer = '') => acquisitionOfPage(`https://shop.example/${search}`, referrer)

describe('where a visit came from', () => {
  it.each([
    ['', '', '', 'Direct'],
    ['', 'https://www.google.de/', 'Google', 'Organic Search'],
    ['', 'https://duckduckgo.com/', 'DuckDuckGo', 'Organic Search'],
    ['', 'https://l.facebook.com/l.php?u=x', 'Facebook', 'Organic Social'],
    ['', 'https://m.youtube.com/watch', 'YouTube', 'Organic Video'],
    ['', 'https://mail.google.com/mail', 'Gmail', 'Email'],
    ['', 'https://chatgpt.com/', 'ChatGPT', 'AI Assistants'],
    ['', 'https://blog.example.org/post', 'blog.example.org', 'Referral'],
    ['', 'https://www.shop.example/cart', '', 'Direct'],
    ['?utm_source=google&utm_medium=cpc', '', 'google', 'Paid Search'],
    ['?utm_source=linkedin&utm_medium=paid', '', 'linkedin', 'Paid Social'],
    ['?utm_source=linkedin&utm_medium=organic', '', 'linkedin', 'Organic Social'],
    ['?utm_source=newsletter', '', 'newsletter', 'Email'],
    ['?utm_source=partner&utm_medium=affiliate', '', 'partner', 'Affiliates'],
    ['?utm_source=somewhere&utm_medium=cpc', '', 'somewhere', 'Paid Other'],
    ['?utm_medium=display&utm_source=adnet', '', 'adnet', 'Display'],
    ['?ref=producthunt', 'https://www.producthunt.com/', 'producthunt', 'Organic Social'],
    ['?utm_source=newsletter', 'https://www.google.com/', 'newsletter', 'Email'],
  ])('%s with referrer %s is source %s, channel %s', (search, referrer, source, channel) => {
    expect(page(search, referrer)).toMatchObject({ source, channel })
  })

  it('keeps of a referrer only where it is, since its query may hold a secret', () => {
    expect(page('', 'https://blog.example.org/post?token=abc#top').referrer).toBe('https://blog.example.org/post')
  })

  it("takes a producer's own word for a referrer", () => {
    const said = { referrer: 'newsletter', utm_source: '', utm_medium: '', utm_campaign: '' }
    expect(classify(said)).toMatchObject({ source: 'newsletter', channel: 'Email' })
  })
})
