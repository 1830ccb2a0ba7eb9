import { argumentsOf, complain, memoOf, parseOptions, print } from '../kernel/io.ts'
import { listen } from '../kernel/processes.ts'
import { defineTool } from '../kernel/tool.ts'
import { advance, newExchange } from './exchange.ts'
import { readWhole } from './inputs.ts'

/** Connects to a port, or listens on one. */
export const nc = defineTool({
  names: ['nc', 'ncat', 'netcat', 'telnet'],
  step(call) {
    const { flags, operands } = parseOptions(argumentsOf(call), ['w', 'p', 'e', 'c', 'q', 's', 'max-conns'])
    if (flags.l || flags.listen) {
      const port = Number(flags.p ?? operands.at(-1))
      const memo = memoOf(call, () => ({ isOpen: false }))
      if (!memo.isOpen && !listen(call.kernel, call.process, port)) {
        complain(call, 'nc: bind: Address already in use\n')
        return 1
      }
      memo.isOpen = true
      return { for: 'ever' }
    }
    const [host, port] = [operands[0] ?? '', Number(operands[1] ?? 23)]
    const memo = memoOf(call, () => ({ exchange: newExchange() }))
    const body = flags.z || call.process.argv[0] === 'telnet' ? '' : readWhole(call, [])
    if (body === undefined) return { for: 'input', fd: 0 }
    const isHttp = /^[A-Z]+ \S+ HTTP\//.test(body)
    const request = {
      protocol: isHttp ? ('http' as const) : ('tcp' as const),
      method: isHttp ? body.split(' ')[0]! : 'GET',
      path: isHttp ? body.split(' ')[1]! : '/',
      host,
      headers: {},
      body: isHttp ? '' : body,
    }
    const wait = advance(call, memo.exchange, { host, port, timeoutMs: Number(flags.w ?? Infinity) * 1000, request })
    if (wait) return wait
    const { outcome, answer, connection } = memo.exchange
    if (connection?.outcome === 'connected') {
      if (flags.v) complain(call, `${host} (${connection.listener.address}:${port}) open\n`)
      if (answer && !flags.z) print(call, isHttp ? `HTTP/1.1 ${answer.status}\r\n\r\n${answer.body}` : answer.body)
      return 0
    }
    if (outcome === 'nxdomain') complain(call, `nc: bad address '${host}'\n`)
    else if (!flags.z || flags.v)
      complain(call, outcome === 'refused' ? `nc: ${host} (${host}:${port}): Connection refused\n` : 'nc: timed out\n')
    return 1
  },
})

/** Whether a host is there. */
export const ping = defineTool({
  names: ['ping', 'ping6'],
  step(call) {
    const { host } = call.kernel
    const { flags, operands } = parseOptions(argumentsOf(call), ['c', 'W', 'w', 'i', 's'])
    const name = operands[0] ?? ''
    const found = /^[\d.]+$/.test(name) ? { addresses: [name], name } : host.resolve(call.kernel, name)
    if ('error' in found) {
      complain(call, `ping: bad address '${name}'\n`)
      return 1
    }
    const memo = memoOf(call, () => ({ sent: 0, until: -1 }))
    const address = found.addresses[0] ?? name
    const isThere = host.connect(call.kernel, address, 7).outcome !== 'silent'
    if (memo.until < 0) print(call, `PING ${name} (${address}): 56 data bytes\n`)
    for (;;) {
      if (host.now() < memo.until) return { for: 'time', until: memo.until, isIdle: flags.c === undefined }
      if (memo.sent >= Number(flags.c ?? Infinity)) break
      if (isThere) print(call, `64 bytes from ${address}: seq=${memo.sent} ttl=63 time=0.1${host.random(90) + 10} ms\n`)
      memo.sent++
      memo.until = host.now() + 1000
    }
    print(
      call,
      `\n--- ${name} ping statistics ---\n${memo.sent} packets transmitted, ${isThere ? memo.sent : 0} packets received, ${isThere ? 0 : 100}% packet loss\n`,
    )
    return isThere ? 0 : 1
  },
})
