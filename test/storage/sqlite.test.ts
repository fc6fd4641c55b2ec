// Goal: SQLite keeps what the storage interface promises. Method: the conformance suite on files of its own.
import { conformance } from './conformance.ts'
import { sqlite } from './support.ts'

conformance(sqlite)
