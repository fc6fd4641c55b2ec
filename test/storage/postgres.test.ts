// Goal: PostgreSQL keeps what the storage interface promises. Method: the conformance suite on a real server.
import { conformance } from './conformance.ts'
import { postgres } from './support.ts'

conformance(postgres)
