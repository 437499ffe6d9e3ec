/**
 * Loaded into a function's worker before its bundle (`node --import`): the first SIGUSR2 starts V8's profiler, the
 * second stops it and writes `<process id>.cpuprofile` into the folder that `PROFILE_FOLDER` names.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

/** Fine enough to tell apart functions that take a tenth of a millisecond; finer would cost more than it measures. */
const SAMPLING_INTERVAL_US = 500;

const session = new Session();
let running = false;

process.on('SIGUSR2', () => {
  if (running) stop();
  else start();
  running = !running;
});

function start(): void {
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  session.post('Profiler.start');
}

function stop(): void {
  session.post('Profiler.stop', (error, result) => {
    if (error !== null) throw error;
    const path = join(process.env['PROFILE_FOLDER'] ?? '.', `${process.pid}.cpuprofile`);
    writeFileSync(`${path}.part`, JSON.stringify(result.profile));
    // Whoever waits for the file must not read half of it.
    renameSync(`${path}.part`, path);
  });
}
