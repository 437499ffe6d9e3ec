/** The app as a next release might be: settings of functions, of a queue and of a schedule have changed. */
import { App } from 'aws-cdk-lib';
import { buildConsolePage } from '../../lib/console-page.ts';
import { DataStack } from '../../lib/data-stack.ts';
import { ServiceStack } from '../../lib/service-stack.ts';
import { type Stage, stages } from '../../lib/stage.ts';
import { CHANGED } from './changed.ts';

const app = new App();
const stage: Stage = { ...stages.dev, ...CHANGED };

const data = new DataStack(app, `zerosum-${stage.name}-data`, { stage });
new ServiceStack(app, `zerosum-${stage.name}`, {
  ...{ stage, data },
  consolePage: await buildConsolePage(`${app.outdir}/page`),
});
