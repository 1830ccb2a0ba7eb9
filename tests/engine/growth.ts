/**
 * How many times as long a run takes over four times as much: 4 where the work grows with the size, 16 where it grows with the square.
 * The shortest of some tries counts, in time of the processor, so that a busy machine does not matter. `prepare` is not timed.
 */
export function growth(count: number, prepare: (count: number) => () => void): number {
  prepare(count)() // what is only done the first time
  return shortest(4 * count, prepare) / shortest(count, prepare)
}

const tries = 3

function shortest(count: number, prepare: (count: number) => () => void): number {
  const times = Array.from({ length: tries }, () => {
    const run = prepare(count)
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.max(1000, Math.min(...times))
}

/** As much growth as is let pass: well above 4, and well below 16. */
export const growthMax = 9
