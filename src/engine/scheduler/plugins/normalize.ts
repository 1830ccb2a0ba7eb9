import { maxNodeScore, type Scores } from '../framework.ts'

/** Stretches scores so that the highest becomes 100. */
// upstream: pkg/scheduler/framework/plugins/helper/normalize_score.go
export function moreIsBetter(scores: Scores): void {
  const max = highest(scores)
  if (max === 0) return
  for (let index = 0; index < scores.length; index++) scores[index] = Math.floor((maxNodeScore * scores[index]!) / max)
}

/** Stretches counts of flaws so that the fewest get the most, and none at all gets 100. */
export function fewerIsBetter(scores: Scores): void {
  const max = highest(scores)
  for (let index = 0; index < scores.length; index++)
    scores[index] = max === 0 ? maxNodeScore : maxNodeScore - Math.floor((maxNodeScore * scores[index]!) / max)
}

function highest(scores: Scores): number {
  let max = 0
  for (const score of scores) if (score > max) max = score
  return max
}
