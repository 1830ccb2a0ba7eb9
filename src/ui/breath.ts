/** Lets the page draw and answer before heavy work goes on: a piece at a time is never felt. */
export function breath(): Promise<void> {
  return new Promise((done) => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(() => done(), { timeout: waitAtMostMs })
    else setTimeout(done, 1) // Safari has no idle callbacks
  })
}

/** Ends the browser's present task, and goes on in the next. */
export function nextTask(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0))
}

/** Ends when what there is has been drawn; or soon, where nothing is drawn because nobody looks. */
export function painted(): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, paintAtMostMs)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      setTimeout(done, 0)
    })
  })
}

const waitAtMostMs = 50
const paintAtMostMs = 120
