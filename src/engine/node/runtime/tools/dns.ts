import { argumentsOf, complain, memoOf, print, surroundingsOf } from '../kernel/io.ts'
import { defineTool, type Call } from '../kernel/tool.ts'

const answerMs = 2

/** Asks the cluster's DNS. */
export const nslookup = defineTool({
  names: ['nslookup'],
  step(call) {
    const { host } = call.kernel
    const about = surroundingsOf(call)
    const words = argumentsOf(call).filter((word) => !word.startsWith('-'))
    const [name, server] = words
    if (name === undefined) {
      complain(call, 'Usage: nslookup HOST [DNS_SERVER]\n')
      return 1
    }
    const memo = memoOf(call, () => ({ until: host.now() + answerMs }))
    if (host.now() < memo.until) return { for: 'time', until: memo.until, isIdle: call.process.memo.isIdle === true }
    const found = host.resolve(call.kernel, name)
    host.record(call.kernel, 'dns.query', { name, outcome: 'error' in found ? found.error : 'ok' })
    const at = server ?? about.nameserver
    if (about.family === 'busybox' && about.isBusyboxOld) return oldBusybox(call, name, at, found)
    print(call, `Server:\t\t${at}\nAddress:\t${at}${about.family === 'busybox' ? ':' : '#'}53\n\n`)
    if ('error' in found) {
      if (found.error === 'timeout') print(call, ';; connection timed out; no servers could be reached\n\n')
      else {
        const last =
          name.endsWith('.') || name.includes('.svc.')
            ? name
            : about.family === 'busybox'
              ? `${name}.${about.search[0] ?? ''}`.replace(/\.$/, '')
              : name
        print(call, `** server can't find ${last}: ${found.error}\n\n`)
      }
      return 1
    }
    for (const address of found.addresses) print(call, `Name:\t${found.name}\nAddress: ${address}\n`)
    print(call, '\n')
    return 0
  },
})

function oldBusybox(
  call: Call,
  name: string,
  server: string,
  found: ReturnType<Call['kernel']['host']['resolve']>,
): number {
  print(call, `Server:    ${server}\nAddress 1: ${server} kube-dns.kube-system.svc.cluster.local\n\n`)
  if ('error' in found) {
    complain(call, `nslookup: can't resolve '${name}'\n`)
    return 1
  }
  print(call, `Name:      ${name}\n`)
  found.addresses.forEach((address, index) => print(call, `Address ${index + 1}: ${address} ${found.name}\n`))
  return 0
}

/** Asks the cluster's DNS, and prints addresses. */
export const dig = defineTool({
  names: ['dig', 'host', 'getent'],
  step(call) {
    const { host } = call.kernel
    const [tool] = call.process.argv
    const words = argumentsOf(call).filter((word) => !/^[-+@]|^(hosts|ahosts|A|AAAA|SRV|CNAME)$/.test(word))
    const memo = memoOf(call, () => ({ until: host.now() + answerMs }))
    if (host.now() < memo.until) return { for: 'time', until: memo.until }
    const name = words[0] ?? ''
    const searches = tool !== 'dig' || argumentsOf(call).includes('+search')
    const found = host.resolve(call.kernel, searches || name.endsWith('.') ? name : `${name}.`)
    host.record(call.kernel, 'dns.query', { name, outcome: 'error' in found ? found.error : 'ok' })
    if (tool === 'getent') {
      if ('error' in found) return 2
      for (const address of found.addresses) print(call, `${address.padEnd(15)} ${found.name}\n`)
      return 0
    }
    if (tool === 'host') {
      print(
        call,
        'error' in found
          ? `Host ${name} not found: 3(NXDOMAIN)\n`
          : found.addresses.map((address) => `${found.name} has address ${address}\n`).join(''),
      )
      return 'error' in found ? 1 : 0
    }
    if (argumentsOf(call).includes('+short')) {
      if (!('error' in found)) for (const address of found.addresses) print(call, `${address}\n`)
      return 0
    }
    const status = 'error' in found ? found.error : 'NOERROR'
    print(
      call,
      `\n; <<>> DiG 9.18 <<>> ${argumentsOf(call).join(' ')}\n;; ->>HEADER<<- opcode: QUERY, status: ${status}\n\n;; QUESTION SECTION:\n;${name.replace(/\.?$/, '.')}\t\tIN\tA\n\n`,
    )
    if (!('error' in found))
      print(
        call,
        `;; ANSWER SECTION:\n${found.addresses.map((address) => `${found.name}.\t30\tIN\tA\t${address}\n`).join('')}\n`,
      )
    print(call, `;; SERVER: ${surroundingsOf(call).nameserver}#53(${surroundingsOf(call).nameserver})\n`)
    return 0
  },
})
