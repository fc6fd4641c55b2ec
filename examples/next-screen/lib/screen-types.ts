/** A source as the screen shows it. */
export interface Source {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly logo: string
  /** `needs_reauth`: the person has to connect it once more before data arrives. */
  readonly state: 'none' | 'active' | 'needs_reauth'
}

/** What the screen says on top. */
export interface Message {
  readonly tone: 'good' | 'neutral' | 'bad'
  readonly title: string
  readonly text: string
}
