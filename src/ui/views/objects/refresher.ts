/** Asks again when something changed, never more often than every so many ms, never twice at once. */
export interface Refresher {
  /** something may have changed */
  poke(): void
  stop(): void
}

/** Makes a refresher. The first poke asks at once. */
export function createRefresher(ask: () => Promise<void>, everyMs: number): Refresher {
  let isStopped = false
  let isAsking = false
  let isWanted = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(): Promise<void> {
    isWanted = false
    isAsking = true
    try {
      await ask()
    } finally {
      isAsking = false
      if (!isStopped) timer = setTimeout(rest, everyMs)
    }
  }

  function rest(): void {
    timer = undefined
    if (isWanted) void run()
  }

  return {
    poke() {
      if (isStopped) return
      if (isAsking || timer !== undefined) isWanted = true
      else void run()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
