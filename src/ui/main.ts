import { mount } from 'svelte'
import App from './App.svelte'
import { nextTask } from './breath.ts'
import { connectWorker } from './door.ts'
import type { Connection } from './door.ts'
import { Session } from './session.svelte.ts'
import './styles/index.css'
import { theme } from './theme.svelte.ts'
import { update } from './update.svelte.ts'

const target = document.getElementById('app')
if (!target) throw new Error('The page has no #app.')
theme.wear()

/** The engine in its worker; in development, `?demo` plays a scripted world instead. */
async function connect(): Promise<Connection> {
  if (import.meta.env.DEV || import.meta.env.MODE === 'demo') {
    const demo = new URLSearchParams(location.search).get('demo')
    if (demo !== null) return (await import('./fixtures/demoDoor.ts')).connectDemo(Number(demo) || 0)
  }
  return connectWorker((message) => (session.problem = { message: `The engine stopped: ${message}` }))
}

const connecting = connect()
const session = new Session(lateDoor(connecting.then(({ door }) => door)))
// The page's scripts were read in this task; drawing it is another.
void nextTask().then(() => mount(App, { target, props: { session } }))
connecting
  .then(({ listen }) => listen((frame) => session.apply(frame)))
  .catch((error: unknown) => {
    session.problem = { message: error instanceof Error ? error.message : 'The engine could not start.' }
  })
update.register()

/** A door that can be knocked at before it is there. */
function lateDoor(door: Promise<Connection['door']>): Connection['door'] {
  type Call = (...given: unknown[]) => unknown
  return new Proxy({} as Connection['door'], {
    get: (_, name) =>
      name === 'then'
        ? undefined
        : (...given: unknown[]) => door.then((open) => (open[name as keyof typeof open] as Call)(...given)),
  })
}
