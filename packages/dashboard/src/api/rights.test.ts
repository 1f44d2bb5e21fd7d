import { describe, expect, it } from 'vitest'
import { rightsIn } from './rights.ts'

const inShop = (may: Parameters<typeof rightsIn>[0]['may']): string[] =>
  Object.entries(rightsIn({ may }, 'shop')).flatMap(([right, is]) => (is ? right : []))

describe('what somebody may do about a site', () => {
  it('is what their role in it says', () => {
    expect(inShop({ shop: ['read'] })).toEqual(['isKnown'])
    expect(inShop({ shop: ['read', 'write'] })).toEqual(['isKnown', 'mayWrite'])
    expect(inShop({ shop: ['read', 'write', 'admin'] })).toEqual(['isKnown', 'mayWrite', 'mayManage'])
  })

  it('is what their role in all sites says as well, and nothing by a role in another', () => {
    expect(inShop({ '*': ['read', 'write'] })).toEqual(['isKnown', 'mayWrite'])
    expect(inShop({ '*': ['read', 'write', 'admin'], shop: ['read'] })).toEqual([
      ...['isKnown', 'mayWrite', 'mayManage', 'mayManageAll'],
    ])
    expect(inShop({ blog: ['read', 'write', 'admin'] })).toEqual(['isKnown'])
  })
})
