import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressWords, createScrub, secretWords } from './scrub.ts'

const scrub = createScrub()

/** A secret as somebody has one: nothing that a parameter ends at, and nothing that is there without it. */
const secret = fc
  .string({ unit: fc.constantFrom(...'abcdefghijkABCDEFGHIJK0123456789-_.~'), minLength: 8, maxLength: 40 })
  .map((text) => `Zq${text}`)
const word = fc.constantFrom(...secretWords, ...addressWords)
/** The ways in which people write the name of a parameter with a word in it. */
const name = word.chain((each) =>
  fc.constantFrom(each, each.toUpperCase(), `reset_${each}`, `user[${each}]`, `x-${each}`, `${each}.1`),
)
const harmless = fc.constantFrom(
  'utm_source=news',
  'page=2',
  'q=red+shoes',
  'gclid=abc',
  'keyword=tokens',
  'code=SUMMER',
)
const page = fc.constantFrom('https://shop.example/', '/cart', 'https://user@shop.example/a/b', 'app://home')

describe('an address', () => {
  it('loses what a secret parameter says and nothing else, wherever among the others it stands', () => {
    fc.assert(
      fc.property(
        page,
        fc.array(harmless),
        fc.array(harmless),
        name,
        secret,
        fc.constantFrom('?', '#', '?#'),
        (...of) => {
          const [start, before, after, parameter, value, begin] = of
          const address = (given: string): string =>
            `${start}${begin}${[...before, `${parameter}=${given}`, ...after].join('&')}`
          expect(scrub.text(address(value))).toBe(scrub.text(address('(secret)')))
          expect(scrub.text(address(value))).not.toContain(value)
          const others = [...before, ...after]
          expect(scrub.text(`/${begin}${others.join('&')}`)).toBe(`/${begin}${others.join('&')}`)
        },
      ),
    )
  })

  it('inside the parameter of another one loses its secrets, too', () => {
    fc.assert(
      fc.property(name, secret, fc.integer({ min: 0, max: 3 }), (parameter, value, depth) => {
        let address = `https://shop.example/in?a=1&${parameter}=${value}&b=2`
        for (let level = 0; level < depth; level++) address = `/login?next=${encodeURIComponent(address)}&c=3`
        const scrubbed = scrub.text(address)
        expect(scrubbed).not.toContain(value)
        expect(scrubbed).toContain('b')
        if (depth > 0) expect(scrubbed).toMatch(/&c=3$/)
      }),
    )
  })

  it('loses who is named in it, however the sign between name and place is written', () => {
    const user = fc.string({ unit: fc.constantFrom(...'abcdefgXYZ019.+_-'), minLength: 1, maxLength: 30 })
    const place = fc.constantFrom('example.com', 'mail.shop.example', 'xn--mnchen-3ya.de', 'münchen.example')
    fc.assert(
      fc.property(user, place, fc.integer({ min: 0, max: 3 }), (local, domain, depth) => {
        let address = `${local}@${domain}`
        for (let level = 0; level < depth; level++) address = encodeURIComponent(address)
        for (const text of [
          `/unsubscribe/${address}`,
          `https://shop.example/?who=${address}&a=1`,
          `mailto:${address}`,
        ]) {
          expect(scrub.text(text)).not.toContain(local.length > 3 ? local : address)
          expect(scrub.text(text)).toContain('(email)')
        }
      }),
    )
  })

  it.each([
    ['https://user:pass@shop.example/', 'https://shop.example/'],
    ['/in?token=abc#access_token=def', '/in?token=(secret)#access_token=(secret)'],
    ['/#/in?token=abc', '/#/in?token=(secret)'],
    ['/a;jsessionid=0F3A?b=1', '/a;jsessionid=(secret)'],
    ['/in?code=abc&state=def', '/in?code=(secret)&state=def'],
    ['/in?email=someone%40example.com', '/in?email=(email)'],
    ['/?a=eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', '/?a=(secret)'],
    ['/?X-Amz-Signature=abc&X-Amz-Security-Token=def', '/?X-Amz-Signature=(secret)&X-Amz-Security-Token=(secret)'],
    ['/?q=by%20someone%40example.com', '/?q=by%20(email)'],
    ['/?q=100%25someone%40example.com', '/?q=100%25(email)'],
    ['/?a=1&jörg.müller@example.com', '/?a=1&(email)'],
    ['/?a=1&j%C3%B6rg@example.com', '/?a=1&(email)'],
    ['/?token&password=', '/?token&password='],
    ['https://medium.example/@writer/post?keyword=tokens', 'https://medium.example/@writer/post?keyword=tokens'],
    ['https://maps.example/@48.2,16.3', 'https://maps.example/@48.2,16.3'],
    ['/npm/react@19.2.0/?tokens=2&monkey=1', '/npm/react@19.2.0/?tokens=2&monkey=1'],
    ['/?a=%E0%A4%A&%zz=1', '/?a=%E0%A4%A&%zz=1'],
  ])('%s is kept as %s', (given, kept) => {
    expect(scrub.text(given)).toBe(kept)
  })

  it('is scrubbed once for all: again, it is what it was', () => {
    const piece = fc.oneof(
      fc.constantFrom('?', '&', '=', '#', ';', '%3F', '%26', '%3D', '%40', '@', '.', '://', 'token'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = scrub.text(pieces.join(''))
        expect(scrub.text(once)).toBe(once)
      }),
    )
  })
})

describe('a document', () => {
  it('is scrubbed at any depth, and the one that was given stays as it was', () => {
    const given = {
      visitor_id: 'someone@example.com',
      events: [
        {
          id: 'a@example.com',
          title: 'Mail to someone@example.com',
          element: { id: 'b@example.com', text: 'c@example.com', href: '/x?token=abc' },
          props: {
            plan: 'pro',
            apiKey: 'abc',
            key: 'Enter',
            pin: 4711,
            password: 4711,
            more: ['/?token=abc', { 'd@example.com': 1 }],
          },
        },
      ],
    }
    const before = structuredClone(given)
    expect(scrub.document(given)).toEqual({
      visitor_id: 'someone@example.com',
      events: [
        {
          id: 'a@example.com',
          title: 'Mail to (email)',
          element: { id: '(email)', text: '(email)', href: '/x?token=(secret)' },
          props: {
            plan: 'pro',
            apiKey: '(secret)',
            key: 'Enter',
            pin: 4711,
            password: '(secret)',
            more: ['/?token=(secret)', { '(email)': 1 }],
          },
        },
      ],
    })
    expect(given).toEqual(before)
  })

  it('that holds nothing of the kind is the same object, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.object({
          key: fc.constantFrom('a', 'b', 'events'),
          values: [fc.integer(), fc.constant('text'), fc.boolean()],
        }),
        (thing) => {
          expect(scrub.document(thing)).toBe(thing)
        },
      ),
    )
  })

  it('inside a text is scrubbed as well, whole or cut', () => {
    expect(scrub.document({ list: '[{"password":"abc","a":1}]' })).toEqual({ list: '[{"password":"(secret)","a":1}]' })
    expect(scrub.document({ list: '[{"a": 1}]' })).toEqual({ list: '[{"a": 1}]' })
    expect(scrub.document({ list: '[{"password":"abc' })).toEqual({ list: '[{"password":"(secret)"' })
  })

  it('that was refused is scrubbed whether or not it is JSON', () => {
    expect(scrub.refused('{"events":[{"url":"/?token=abc","props":{"password":"abc"}}]}')).toBe(
      '{"events":[{"url":"/?token=(secret)","props":{"password":"(secret)"}}]}',
    )
    expect(scrub.refused('{"url":"/?token=abc","password": "abc","who":"a@example.com"')).toBe(
      '{"url":"/?token=(secret)","password":"(secret)","who":"(email)"',
    )
  })
})

describe('what is secret', () => {
  it('is more where an operator says so, and less', () => {
    const own = createScrub(['customer_number', '-key'])
    expect(own.text('/?customerNumber=1&key=shoes&token=abc')).toBe(
      '/?customerNumber=(secret)&key=shoes&token=(secret)',
    )
    expect(own.document({ customer_number: 1 })).toEqual({ customer_number: '(secret)' })
    expect(scrub.text('/?customer=1&key=shoes')).toBe('/?customer=1&key=(secret)')
  })
})
