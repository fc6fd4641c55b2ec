// `npm test` has ten minutes on two cores. Where the whole would take longer it plays a sample, always the same one;
// `npm run test:long` plays everything.

/** Whether everything is asked for. */
export const isLong = process.env['SPRINGBAR_TEST_LONG'] === '1'

/** All of it, or every so-manieth one. */
export const sampled = <Item>(all: readonly Item[], every: number): readonly Item[] =>
  isLong ? all : all.filter((_, i) => i % every === 0)
