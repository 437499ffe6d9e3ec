/** Attribute and index names of every table: the stack declares them by these constants, the adapters use the same. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';

/** The intake's index over time, which the sweep walks. */
export const TIME_INDEX = 'by_time';
export const TIME_INDEX_PARTITION_KEY = 'time_pk';
export const TIME_INDEX_SORT_KEY = 'time_sk';

/** Leading keys that a function's role is limited to: one letter a kind of item, `#` ends it. */
export const HEAD_PREFIX = 'H#';
export const CLOSURE_PREFIX = 'C#';
export const MARKER_PREFIX = 'E#';
export const PAGE_PREFIX = 'J#';
export const REFUSAL_PREFIX = 'R#';
export const SWEEP_PREFIX = 'SWEEP#';
