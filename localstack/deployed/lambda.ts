import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { callService } from './api.ts';

const FUNCTIONS = '/2015-03-31/functions';

/** A change of a function is settled in an instant on MiniStack, and in seconds where containers start. */
const UPDATE_TIMEOUT_MS = 60_000;
const UPDATE_POLL_MS = 50;

const configurationSchema = z.object({
  State: z.string().optional(),
  Timeout: z.number(),
  LastUpdateStatus: z.string().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).optional() }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
});

export type FunctionConfiguration = z.infer<typeof configurationSchema>;

export async function functionConfiguration(endpoint: string, name: string): Promise<FunctionConfiguration> {
  const path = `${FUNCTIONS}/${encodeURIComponent(name)}/configuration`;
  const response = await callService(endpoint, 'lambda', { method: 'GET', path });
  return configurationSchema.parse(await response.json());
}

/** Replaces all variables of a function; each invocation from here on has them. */
export async function setEnvironment(
  endpoint: string,
  name: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const path = `${FUNCTIONS}/${encodeURIComponent(name)}/configuration`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ Environment: { Variables: variables } });
  await callService(endpoint, 'lambda', { method: 'PUT', path, headers, body });
  const deadlineMs = performance.now() + UPDATE_TIMEOUT_MS;
  for (;;) {
    const { LastUpdateStatus = 'Successful', State = 'Active' } = await functionConfiguration(endpoint, name);
    if (LastUpdateStatus === 'Successful' && State !== 'Pending') return;
    if (performance.now() > deadlineMs) throw new Error(`${name} is still being changed (${LastUpdateStatus}).`);
    await sleep(UPDATE_POLL_MS);
  }
}

/** Ends the processes a function has, as any change of it does. */
export async function restartFunction(endpoint: string, name: string): Promise<void> {
  const { Environment } = await functionConfiguration(endpoint, name);
  await setEnvironment(endpoint, name, Environment?.Variables ?? {});
}

/** Runs a function with an event; gives what it returned, or the error it ended with. */
export async function invokeFunction(
  endpoint: string,
  name: string,
  event: unknown,
): Promise<{ readonly payload: unknown; readonly failed: boolean }> {
  const path = `${FUNCTIONS}/${encodeURIComponent(name)}/invocations`;
  const response = await callService(endpoint, 'lambda', { path, body: JSON.stringify(event) });
  const text = await response.text();
  const payload: unknown = text === '' ? undefined : JSON.parse(text);
  return { payload, failed: response.headers.has('x-amz-function-error') };
}
