import { parseArgs } from 'node:util';

export const usage = `npm run test:deployed -- [options]

Deploys stage dev to an AWS emulator with cdk, and runs the acceptance tests against it: for every file of them a stack of
its own. Without an endpoint it installs and starts MiniStack (needs Python 3.11 with venv).

  --endpoint URL  another emulator, such as LocalStack of localstack/docker-compose.yml at http://127.0.0.1:4566
  --only A,B      files whose names contain one of these, such as events,close; all unless told
  --report FILE   writes what was done and found as JSON
  --help          prints this
`;

export interface DeployedOptions {
  readonly endpoint: string | undefined;
  readonly only: readonly string[];
  readonly report: string | undefined;
  readonly help: boolean;
}

/** Throws a sentence that names the argument it cannot use. */
export function readDeployedOptions(args: readonly string[]): DeployedOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { endpoint: text, only: text, report: text, help: { type: 'boolean', default: false } },
  });
  return { endpoint: values.endpoint, only: values.only?.split(',') ?? [''], report: values.report, help: values.help };
}
