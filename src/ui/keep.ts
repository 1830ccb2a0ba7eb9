/** Reads something kept in this browser; the fallback where nothing was kept, or storage is forbidden. */
export function readKept<Value>(name: string, fallback: Value): Value {
  try {
    const text = localStorage.getItem(`drydock.${name}`)
    return text === null ? fallback : (JSON.parse(text) as Value)
  } catch {
    return fallback
  }
}

/** Keeps something in this browser; silently not, where storage is forbidden or full. */
export function keep(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`drydock.${name}`)
    else localStorage.setItem(`drydock.${name}`, JSON.stringify(value))
  } catch {
    // A page without storage works, it only forgets.
  }
}
