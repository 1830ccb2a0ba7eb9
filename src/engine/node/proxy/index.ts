export { endpointsFor, type Choice, type Place } from './endpointChoice.ts'
export { endpointsOf, isProxied, rulesOf, type Endpoint, type PortRule } from './portRule.ts'
export { createProxies, sorted, type Proxies, type ProxyView } from './proxies.ts'
export { proxyMachine, type ProxyContext, type ProxyEvent } from './proxyMachine.ts'
