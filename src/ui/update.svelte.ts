import { registerSW } from 'virtual:pwa-register'

/** A newer version of the page: it waits until asked, because it would end a running cluster. */
class Update {
  isWaiting = $state(false)
  #take: ((reload?: boolean) => Promise<void>) | undefined

  /** Registers the service worker that makes the page work offline. */
  register(): void {
    this.#take = registerSW({ onNeedRefresh: () => (this.isWaiting = true) })
  }

  take(): void {
    void this.#take?.(true)
  }
}

export const update = new Update()
