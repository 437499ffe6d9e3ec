import { afterEach, expect, it, vi } from 'vitest';
import { plainTelemetry } from '../../lambdas/plain-telemetry.ts';
import { powertoolsTelemetry, type Telemetry } from '../../lambdas/telemetry.ts';
import { NOW_MS } from '../support/events.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('writes what Powertools would, so that no dashboard or alarm tells the difference', () => {
  const lines: string[] = [];
  speak(plainTelemetry({ nowMs: () => NOW_MS }, { stage: 'prod', service: 'docs' }, (line) => lines.push(line)));
  const ours = lines.map(comparable);
  expect(ours).toHaveLength(4);
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ _aws: { Timestamp: NOW_MS } });

  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'docs');
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  speak(powertoolsTelemetry('prod'));
  vi.restoreAllMocks();
  expect(written.map(comparable)).toEqual(ours);
});

function speak(telemetry: Telemetry): void {
  telemetry.info('One.', { a: 1 });
  telemetry.warn('Two.');
  telemetry.error('Three.', new TypeError('no'), { request_id: 'r' });
  telemetry.count('internalErrors');
  telemetry.flush();
}

/** A line without what depends on the moment and the place, and without sampling, which we do not do. */
function comparable(line: string): object {
  const { timestamp, sampling_rate, error, _aws, ...rest } = JSON.parse(line);
  const { location, stack, ...cause } = error ?? {};
  const { Timestamp, ...definition } = _aws ?? {};
  return { ...rest, ...(error && { cause }), ...(_aws && { definition }) };
}
