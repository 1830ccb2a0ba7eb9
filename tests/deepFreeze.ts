import { freezeDeeply } from '../src/engine/index.ts'

// In tests every stored object is frozen to the bottom: whoever writes into what it shares fails at once.
freezeDeeply(true)
