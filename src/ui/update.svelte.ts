import { registerSW } from 'virtual:pwa-register'

/** Held by every open page of ours, so that a page knows whether it is the only one. */
const lockName = 'drydock page'
/** after that, a reload shows whatever is there */
const patienceMs = 3000

/** A newer version of the page: it waits until asked, because it would end a running cluster. */
class Update {
  isWaiting = $state(false)
  #take: ((reload?: boolean) => Promise<void>) | undefined

  /** Registers the service worker that makes the page work offline. */
  register(): void {
    void navigator.locks?.request(lockName, { mode: 'shared' }, () => new Promise(() => undefined))
    this.#take = registerSW({
      onNeedRefresh: () => (this.isWaiting = true),
      onRegisteredSW: (_, registration) => {
        if (!registration) return
        if (registration.waiting) void this.#takeAtOnce()
        document.addEventListener('visibilitychange', () => {
          if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
        })
      },
    })
  }

  /** Goes over to the newer version: the page is loaded again as soon as that version is in charge. */
  take(): void {
    // By ourselves, because the registering library reloads only pages that were under a worker from their start.
    const reload = () => location.reload()
    navigator.serviceWorker?.addEventListener('controllerchange', reload, { once: true })
    setTimeout(reload, patienceMs)
    void this.#take?.(true)
  }

  /** It waited before this page was loaded: whoever reloads wants it. Other open pages would lose their files, so never with one. */
  async #takeAtOnce(): Promise<void> {
    const { held = [] } = (await navigator.locks?.query()) ?? {}
    const open = held.filter(({ name }) => name === lockName)
    if (navigator.locks && open.length <= 1) this.take()
  }
}

export const update = new Update()
