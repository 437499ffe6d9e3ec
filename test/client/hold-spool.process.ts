/** Holds the spool in its argument until it is killed. */
import { DiskSpool } from '../../client/spool/disk-spool.ts';

const [folder = ''] = process.argv.slice(2);
new DiskSpool(folder);
console.log('held');
// The lock's own timer keeps nobody waiting.
process.stdin.resume();
