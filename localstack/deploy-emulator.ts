/** Deploys stage `dev` to an AWS emulator with `cdk deploy`: `npm run deploy:emulator -- --help`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmulatedStage } from './deployed/emulated-stage.ts';
import { type Emulator, openEmulator } from './deployed/emulator.ts';
import { developmentTokens } from './embedded/dev-tokens.ts';
import { messageOf } from './embedded/stack-error.ts';
import { synthesise } from './embedded/synthesis.ts';
import { welcome } from './embedded/welcome.ts';

const STAGE = 'dev';

const usage = `npm run deploy:emulator -- [options]

Bootstraps an AWS emulator, deploys stage ${STAGE} to it with cdk, and seeds it with the development tenants, prices and secrets.
Without an endpoint it starts MiniStack (needs Python 3.11 with venv) and keeps it until Ctrl-C; all of it is in memory.

  --endpoint URL  an emulator that runs already, such as LocalStack of localstack/docker-compose.yml at
                  http://127.0.0.1:4566; what is deployed stays there
  --destroy       destroys there what was deployed
  --help          prints this
`;

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

process.exitCode = await main().catch((error) => {
  console.error(messageOf(error));
  return 1;
});

async function main(): Promise<number> {
  const { endpoint, destroy, help } = readArguments();
  if (help) {
    console.log(usage);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zerosum-deploy-'));
  const assembly = join(folder, 'assembly');
  // From here on, so that Ctrl-C also ends an emulator that is just being deployed to.
  const interrupted = new Promise<void>((fulfil) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, fulfil);
  });
  let emulator: Emulator | undefined;
  try {
    emulator = await openEmulator(endpoint, folder);
    const stage = new EmulatedStage(emulator.endpoint, folder);
    await synthesise(assembly, join(folder, 'synthesis.log'), undefined, STAGE);
    if (destroy) {
      await stage.destroy(assembly);
      console.log(`destroyed stage ${STAGE} in ${emulator.endpoint}`);
      return 0;
    }
    console.log(`bootstrapping and deploying to ${emulator.name} at ${emulator.endpoint}`);
    await stage.bootstrap(assembly);
    const deployment = await stage.deploy(assembly);
    await stage.seed(deployment);
    console.log(welcome(deployment.url, await developmentTokens()));
    console.log(`ready ${deployment.url}`);
    if (endpoint === undefined) await interrupted;
    return 0;
  } finally {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readArguments(): { endpoint?: string | undefined; destroy: boolean; help: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { endpoint: { type: 'string' }, destroy: flag, help: flag } });
  if (values.destroy && values.endpoint === undefined) {
    throw new Error(
      '--destroy needs the --endpoint of what was deployed: our own MiniStack forgets all when it stops.',
    );
  }
  return values;
}
