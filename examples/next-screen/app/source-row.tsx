import { connectHere } from '@/app/actions.ts'
import type { Source } from '@/lib/screen-types.ts'

/** One source. Its buttons are forms, which work before the script has come. */
export function SourceRow(props: {
  readonly source: Source
  readonly isBusy: boolean
  readonly isWaiting: boolean
  readonly onConnect: () => void
  readonly onDisconnect: (form: FormData) => Promise<void>
}) {
  const { id, name, description, logo, state } = props.source
  return (
    <li>
      <img src={logo} alt="" width="48" height="48" loading="lazy" />
      <div>
        <h2>{name}</h2>
        <p className="quiet">{description}</p>
        {state === 'active' && <p className="state good">Connected</p>}
        {state === 'needs_reauth' && <p className="state bad">Needs you: connect it once more</p>}
      </div>
      <div className="actions">
        {state !== 'active' && (
          <form
            action={connectHere}
            onSubmit={(event) => {
              event.preventDefault()
              props.onConnect()
            }}
          >
            <button
              type="submit"
              className="primary"
              name="source"
              value={id}
              aria-label={`Connect ${name}`}
              aria-disabled={props.isBusy}
            >
              {props.isWaiting ? 'Waiting …' : 'Connect'}
            </button>
          </form>
        )}
        {state !== 'none' && (
          <form action={props.onDisconnect}>
            <button type="submit" name="source" value={id} aria-label={`Disconnect ${name}`}>
              Disconnect
            </button>
          </form>
        )}
      </div>
    </li>
  )
}
