/** What keeps an address from being one that others can be reached at. */
// upstream: pkg/apis/core/validation/validation.go ValidateNonSpecialIP
export function ordinaryIp(address: string): readonly string[] {
  const lower = address.toLowerCase()
  if (lower === '0.0.0.0' || lower === '::') return [`may not be unspecified (${address})`]
  if (lower.startsWith('127.') || lower === '::1') return ['may not be in the loopback range (127.0.0.0/8, ::1/128)']
  if (lower.startsWith('169.254.') || /^fe[89ab]/.test(lower))
    return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)']
  if (lower.startsWith('224.0.0.') || lower.startsWith('ff02:'))
    return ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)']
  return []
}
