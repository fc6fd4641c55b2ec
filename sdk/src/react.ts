/**
 * Hooks for React 18 and newer.
 *
 * @module @springbar/sdk/react — owns the state of a connect screen, and no markup. Where sources and links come from is the
 * application's own backend. Safe on a server: nothing is loaded or opened before the page runs.
 */
// biome-ignore lint/style/noRestrictedImports: the optional peer of this entry alone
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { type OpenOptions, type OpenOutcome, openSpringbar } from './browser.ts'

/** What `useDataSources` knows. `sources` keeps the last good answer while it is asked for again. */
export interface DataSourcesState<Source> {
  readonly sources: readonly Source[]
  readonly status: 'loading' | 'ready' | 'failed'
  /** What `load` rejected with; null otherwise. */
  readonly error: unknown
  readonly reload: () => void
}

/** What a page knows before anything is loaded. */
export interface DataSourcesOptions<Source> {
  /** The sources as a server rendered them: shown at once, and asked for at the first `reload`. */
  readonly initial?: readonly Source[] | undefined
}

/** Loads the person's sources with a function of the application, which may change at every render. */
export function useDataSources<Source>(
  load: () => Promise<readonly Source[]>,
  { initial }: DataSourcesOptions<Source> = {},
): DataSourcesState<Source> {
  const [state, setState] = useState<Omit<DataSourcesState<Source>, 'reload'>>({
    sources: initial ?? [],
    status: initial === undefined ? 'loading' : 'ready',
    error: null,
  })
  const [round, setRound] = useState(initial === undefined ? 1 : 0)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    if (round === 0) return
    let isCurrent = true
    setState(({ sources }) => ({ sources, status: 'loading', error: null }))
    latest.current().then(
      (sources) => isCurrent && setState({ sources, status: 'ready', error: null }),
      (error: unknown) => isCurrent && setState(({ sources }) => ({ sources, status: 'failed', error })),
    )
    return () => {
      isCurrent = false
    }
  }, [round])
  const reload = useCallback(() => setRound((before) => before + 1), [])
  return { ...state, reload }
}

/** What `useConnect` knows. */
export interface ConnectState {
  /** Opens a link; call it in the click. While one is open, another does nothing. */
  readonly connect: (options: OpenOptions) => void
  readonly isOpen: boolean
  /** How the last one ended; null before, and after an error. */
  readonly outcome: OpenOutcome | null
  readonly error: unknown
}

/** Opens links of the backend, and tells how it ended. */
export function useConnect(onOutcome?: (outcome: OpenOutcome) => void): ConnectState {
  const [state, setState] = useState<Omit<ConnectState, 'connect'>>({
    isOpen: false,
    outcome: null,
    error: null,
  })
  const isOpen = useRef(false)
  const latest = useRef(onOutcome)
  latest.current = onOutcome
  const connect = useCallback((options: OpenOptions) => {
    if (isOpen.current) return
    isOpen.current = true
    const end = (outcome: OpenOutcome | null, error: unknown) => {
      isOpen.current = false
      setState({ isOpen: false, outcome, error })
      if (outcome !== null) latest.current?.(outcome)
    }
    setState({ isOpen: true, outcome: null, error: null })
    try {
      openSpringbar(options).outcome.then(
        (outcome) => end(outcome, null),
        (error: unknown) => end(null, error),
      )
    } catch (error) {
      end(null, error)
    }
  }, [])
  return { ...state, connect }
}

/** What a list without looks gives to its children. */
export interface DataSourceListProps<Source> extends DataSourcesOptions<Source> {
  readonly load: () => Promise<readonly Source[]>
  /** Called when somebody is back, while the list is loaded again. */
  readonly onOutcome?: ((outcome: OpenOutcome) => void) | undefined
  /** Draws the list: every source, the ways to connect, and how things stand. */
  readonly children: (list: DataSourcesState<Source> & ConnectState) => ReactNode
}

/** The list without looks: loads, opens, and loads again once somebody is back. */
export function DataSourceList<Source>(props: DataSourceListProps<Source>): ReactNode {
  const { load, initial, onOutcome, children } = props
  const list = useDataSources(load, { initial })
  const state = useConnect((outcome) => {
    list.reload()
    onOutcome?.(outcome)
  })
  return children({ ...list, ...state, error: list.error ?? state.error })
}
