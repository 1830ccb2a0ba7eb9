import { describe, expect, test } from 'vitest'
import { isCidr, isIp } from '../../../src/engine/api/index.ts'
import { cidrWarnings, ipWarnings, isCanonicalCidr, isCanonicalIp } from '../../../src/engine/kinds/rules/canonical.ts'

describe('addresses and ranges', () => {
  test.each<[string, string]>([
    ['10.0.0.0/8', ''],
    ['010.0.0.0/8', 'must not have leading 0s in IP or prefix length'],
    ['10.0.0.0/08', 'must not have leading 0s in IP or prefix length'],
    ['10.0.0.1/8', 'must not have bits set beyond the prefix length'],
    ['fd00::1/64', 'must not have bits set beyond the prefix length'],
    ['fd00::/64', ''],
    ['::ffff:10.0.0.0/104', 'must not have an IPv4-mapped IPv6 address'],
    ['10.0.0.0/33', 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
  ])('%s as a range: %s', (text, words) => expect(isCidr(text).join()).toBe(words))

  test.each(['::ffff:1.2.3.4', '::FFFF:102:304', '0:0:0:0:0:ffff:1.2.3.4'])('%s is an address in disguise', (text) =>
    expect(isIp(text)).toEqual(['must not be an IPv4-mapped IPv6 address']),
  )

  test.each([
    ['FD00:0:0:0::1', 'fd00::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ])('%s is written %s', (text, canonical) => {
    expect(isCanonicalIp(text)).toEqual(text === canonical ? [] : [`must be in canonical form ("${canonical}")`])
    expect(ipWarnings('at', text)).toEqual(
      text === canonical ? [] : [`at: IPv6 address "${text}" should be in RFC 5952 canonical format ("${canonical}")`],
    )
  })

  test('ranges are written in one way', () => {
    expect(isCanonicalCidr('FD00:0::/64')).toEqual(['must be in canonical form ("fd00::/64")'])
    expect(cidrWarnings('at', 'FD00:0::/64')).toEqual([
      'at: IPv6 CIDR value "FD00:0::/64" should be in RFC 5952 canonical format ("fd00::/64")',
    ])
    expect(cidrWarnings('at', ' 10.0.0.0/8')).toEqual([])
  })
})
