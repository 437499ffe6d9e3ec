export { DiskSpool, type DiskSpoolOptions } from './disk-spool.ts';
export type { Durability } from './segment-writer.ts';
