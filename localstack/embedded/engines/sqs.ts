import { fileURLToPath } from 'node:url';
import { awsJson } from './aws-json.ts';
import type { EngineCommand } from './engine.ts';

export const SQS_SERVICE = 'AmazonSQS';

/** The queue engine's main file, to be compiled. */
export const SQS_ENGINE = fileURLToPath(new URL('../queue/server.ts', import.meta.url));

/** The queue engine, which keeps its messages in memory and ends when this process does. */
export function sqsEngine(port: number, script: string): EngineCommand {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    name: 'queue',
    endpoint,
    command: process.execPath,
    args: [script, '--port', String(port), '--with-parent'],
    isReady: async () => {
      try {
        await awsJson(endpoint, SQS_SERVICE).call('ListQueues', {});
        return true;
      } catch {
        return false;
      }
    },
    explain: (lastWords) =>
      `The queue engine does not start (${lastWords.split('\n')[0]}): run npm ci and start again.`,
  };
}
