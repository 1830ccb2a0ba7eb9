import { describe, expect, test } from 'vitest'
import { heightOf, nearestStop, nextStop, sheetStops, stopOf } from '../../../../src/ui/views/shell/sheet.ts'

/** room for stage and sheet: a phone held upright, one held across, a desktop at 200 %, next to nothing */
const [upright, across, zoomed, none] = [686, 232, 292, 120]

describe('the terminal sheet', () => {
  test.each([
    [upright, ['low', 'half', 'full']],
    [across, ['low', 'full']],
    [zoomed, ['low', 'full']],
    [none, ['low']],
  ])('in %d px stands at %j', (room, stops) => expect(sheetStops(room).map(([stop]) => stop)).toEqual(stops))

  test('leaves a stage that can be used', () => {
    for (let room = 200; room < 1200; room += 7) {
      expect(room - heightOf(room, stopOf(room, undefined)), `${room} at first`).toBeGreaterThanOrEqual(150)
      for (const [stop, px] of sheetStops(room)) {
        expect(room - px, `${room} ${stop}`).toBeGreaterThanOrEqual(lowestStage(room))
        expect(px).toBeGreaterThanOrEqual(44)
      }
    }
  })

  test('opens by half where there is room, else not; what was asked for is kept where it can be', () => {
    expect(stopOf(upright, undefined)).toBe('half')
    expect(stopOf(zoomed, undefined)).toBe('low')
    expect(stopOf(zoomed, 'half')).toBe('full')
    expect(stopOf(none, 'full')).toBe('low')
  })

  test('goes up and down, and round', () => {
    expect(nextStop(upright, 'low', 1)).toBe('half')
    expect(nextStop(upright, 'full', 1)).toBe('full')
    expect(nextStop(upright, 'full', 1, true)).toBe('low')
    expect(nextStop(upright, 'low', -1)).toBe('low')
  })

  test('a drag ends at the nearest stop', () => {
    expect(nearestStop(upright, 60)).toBe('low')
    expect(nearestStop(upright, 260)).toBe('half')
    expect(nearestStop(upright, 560)).toBe('full')
  })
})

function lowestStage(room: number): number {
  return Math.min(96, room - 150)
}
