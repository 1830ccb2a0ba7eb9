const answersMax = 1000

/** What a function makes of a text, made once: pods of one template ask for the same, and one answer serves them all. */
export function remembered<Answer>(make: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>()
  return (text) => {
    let answer = answers.get(text)
    if (answer === undefined) {
      answer = make(text)
      if (answers.size >= answersMax) answers.clear()
      answers.set(text, answer)
    }
    return answer
  }
}
