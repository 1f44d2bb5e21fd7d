/** The made-up traffic: where it comes from, on what, and what it wants. Weights are shares in their own list. */

export type Origin = {
  weight: number
  utm_source: string
  utm_medium: string
  utm_campaign: string
  referrer: string
  /** How much likelier than usual a visitor of this origin is to take a step towards the goal. */
  interest: number
}

export const origins: readonly Origin[] = [
  {
    weight: 20,
    utm_source: 'linkedin',
    utm_medium: 'ad',
    utm_campaign: 'idea_launch',
    referrer: 'social',
    interest: 1.05,
  },
  { weight: 17, utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'idea_search', referrer: 'search', interest: 1 },
  {
    weight: 14,
    utm_source: 'facebook',
    utm_medium: 'ad',
    utm_campaign: 'idea_launch',
    referrer: 'ads',
    interest: 0.75,
  },
  { weight: 12, utm_source: '', utm_medium: '', utm_campaign: '', referrer: '', interest: 1.1 },
  {
    weight: 10,
    utm_source: 'twitter',
    utm_medium: 'post',
    utm_campaign: 'feature_highlight',
    referrer: 'social',
    interest: 0.9,
  },
  {
    weight: 8,
    utm_source: 'newsletter',
    utm_medium: 'email',
    utm_campaign: 'early_readers',
    referrer: 'email',
    interest: 1.4,
  },
  {
    weight: 7,
    utm_source: 'instagram',
    utm_medium: 'story',
    utm_campaign: 'awareness_boost',
    referrer: 'social',
    interest: 0.65,
  },
  {
    weight: 5,
    utm_source: 'youtube',
    utm_medium: 'influencer',
    utm_campaign: 'ten_second_demo',
    referrer: 'techpro',
    interest: 1.2,
  },
  { weight: 4, utm_source: 'reddit', utm_medium: 'post', utm_campaign: '', referrer: 'forum', interest: 0.95 },
  { weight: 3, utm_source: 'bing', utm_medium: 'cpc', utm_campaign: 'idea_search', referrer: 'search', interest: 1 },
]

export type Device = { weight: number; device_type: string; os: string; browser: string }

export const devices: readonly Device[] = [
  { weight: 24, device_type: 'mobile', os: 'iOS', browser: 'Safari' },
  { weight: 22, device_type: 'mobile', os: 'Android', browser: 'Chrome' },
  { weight: 3, device_type: 'mobile', os: 'Android', browser: 'Firefox' },
  { weight: 4, device_type: 'tablet', os: 'iOS', browser: 'Safari' },
  { weight: 14, device_type: 'desktop', os: 'Windows 11', browser: 'Chrome' },
  { weight: 7, device_type: 'desktop', os: 'Windows 11', browser: 'Edge' },
  { weight: 5, device_type: 'desktop', os: 'Windows 10', browser: 'Chrome' },
  { weight: 10, device_type: 'desktop', os: 'macOS', browser: 'Safari' },
  { weight: 6, device_type: 'desktop', os: 'macOS', browser: 'Chrome' },
  { weight: 3, device_type: 'desktop', os: 'Linux', browser: 'Firefox' },
  { weight: 2, device_type: 'desktop', os: 'Windows 10', browser: 'Opera' },
]

/** `offset` is that of the clock from UTC, in hours, the same all year. */
export type Country = { weight: number; country: string; language: string; offset: number }

export const countries: readonly Country[] = [
  { weight: 30, country: 'US', language: 'en-US', offset: -6 },
  { weight: 18, country: 'DE', language: 'de-DE', offset: 1 },
  { weight: 12, country: 'GB', language: 'en-GB', offset: 0 },
  { weight: 12, country: 'IN', language: 'en-IN', offset: 5.5 },
  { weight: 8, country: 'FR', language: 'fr-FR', offset: 1 },
  { weight: 6, country: 'BR', language: 'pt-BR', offset: -3 },
  { weight: 5, country: 'NL', language: 'nl-NL', offset: 1 },
  { weight: 5, country: 'CA', language: 'en-CA', offset: -5 },
  { weight: 4, country: 'JP', language: 'ja-JP', offset: 9 },
]

/** The two pages under test: the same idea at two prices. */
export const pages: readonly { weight: number; page_url: string; interest: number }[] = [
  { weight: 50, page_url: '/product-idea-page', interest: 1 },
  { weight: 50, page_url: '/product-idea-page-low-price', interest: 1.15 },
]

/** How busy an hour of the local day is, from midnight on. */
export const hourWeights: readonly number[] = [
  2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 11, 11, 11, 10, 10, 10, 11, 13, 14, 12, 8, 4,
]

/** How busy a day of the week is, from Sunday on. */
export const weekdayWeights: readonly number[] = [0.6, 1, 1.15, 1.15, 1.1, 0.95, 0.55]
