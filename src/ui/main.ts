import { mount } from 'svelte'
import App from './App.svelte'
import { nextTask } from './breath.ts'
import { connectWorker } from './door.ts'
import type { Connection } from './door.ts'
import Sprite from './icons/Sprite.svelte'
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
  return connectWorker((message) => session.die(message))
}

const connecting = connect()
const session = new Session(lateDoor(connecting.then(({ door }) => door)))
void draw(target)
connecting
  .then(({ listen }) => listen((frame) => session.apply(frame)))
  .catch((error: unknown) => {
    session.die(error instanceof Error ? error.message : 'The worker could not start.')
  })
update.register()

/** The page's scripts were read in one task; the signs that it uses are another, and itself a third. */
async function draw(target: HTMLElement): Promise<void> {
  await nextTask()
  mount(Sprite, { target: document.body })
  await nextTask()
  mount(App, { target, props: { session } })
}

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
