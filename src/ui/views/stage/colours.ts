const colourCount = 8
/** the quiet grey, for what belongs to the machine room */
const systemColour = 5

/** Gives owners their colours: a hue is a help, the name is the fact. The same name asks for the same hue; neighbours keep apart. */
export class OwnerColours {
  readonly #given = new Map<string, number>()

  /** `var(--o3)`; the same for the life of the page. */
  of(owner: string): string {
    const known = this.#given.get(owner)
    if (known !== undefined) return variable(known)
    const chosen = isSystem(owner) ? systemColour : this.#free(owner)
    this.#given.set(owner, chosen)
    return variable(chosen)
  }

  #free(owner: string): number {
    const first = hash(nameOf(owner)) % colourCount
    const taken = new Set(this.#given.values())
    for (let step = 0; step < colourCount; step += 1) {
      const colour = ((first + step) % colourCount) + 1
      if (colour !== systemColour && !taken.has(colour)) return colour
    }
    return first + 1 === systemColour ? 1 : first + 1
  }
}

function variable(index: number): string {
  return `var(--o${index})`
}

function isSystem(owner: string): boolean {
  return owner.startsWith('DaemonSet/') || owner.split('/')[1] === 'kube-system'
}

function nameOf(owner: string): string {
  return owner.slice(owner.lastIndexOf('/') + 1)
}

/** FNV-1a: small, and the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
