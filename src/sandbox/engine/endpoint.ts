import type { Answer, AnyVendor, Operation } from '../vendor.ts'
import type { VendorRequest } from '../vendor-request.ts'
import type { World } from '../world.ts'

/** What answers a call. */
export type Answering = (world: World, request: VendorRequest) => Answer | Promise<Answer>

/** One thing that can be called at a vendor, by whatever protocol. */
export interface Endpoint {
  readonly vendor: AnyVendor
  /** Host and path; `{name}` stands for one piece of the path. */
  readonly url: string
  readonly methods: readonly string[]
  /** Whether it answers everything below its URL that is not another endpoint. */
  readonly below?: boolean | undefined
  /** At URLs that do several things: the value of `action` that means this one. */
  readonly action?: string | undefined
  /** At URLs that do several things without saying so: whether the request means this one. */
  readonly means?: ((request: VendorRequest) => boolean) | undefined
  readonly operation: (request: VendorRequest) => Operation
  readonly answer: Answering
}
