import { flushSync } from 'svelte'

/** Makes something with effects of its own, as a component would; answers it and what ends it. */
export function rooted<Made>(make: () => Made): [Made, () => void] {
  let made: Made | undefined
  const end = $effect.root(() => {
    made = make()
  })
  flushSync()
  return [made as Made, end]
}
