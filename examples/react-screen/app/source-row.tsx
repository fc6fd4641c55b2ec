import type { ReactNode } from 'react'
import type { Offered } from '../backend.ts'

/** One source: its logo, what it brings, how it stands, and what can be done. */
export function SourceRow(props: {
  readonly source: Offered
  readonly state?: ReactNode
  readonly children: ReactNode
}) {
  const { source, state, children } = props
  return (
    <li>
      <img src={source.logo} alt="" width="48" height="48" loading="lazy" />
      <div>
        <h2>{source.name}</h2>
        <p className="quiet">{source.description}</p>
        {state}
      </div>
      <div className="actions">{children}</div>
    </li>
  )
}
