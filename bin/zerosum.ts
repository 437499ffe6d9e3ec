import { App } from 'aws-cdk-lib';
import { DataStack } from '../lib/data-stack.ts';
import { ServiceStack } from '../lib/service-stack.ts';
import { parseStageName, stages } from '../lib/stage.ts';

const app = new App();
const stage = stages[parseStageName(app.node.tryGetContext('stage') ?? 'dev')];

const data = new DataStack(app, `zerosum-${stage.name}-data`, { stage, terminationProtection: stage.keepsData });
new ServiceStack(app, `zerosum-${stage.name}`, { stage, data });

// As the CDK's own checks: the embedded stack has no time for them, nor for loading them; `cdk synth` and `deploy` run both.
if (process.env['CDK_VALIDATION'] !== 'false') {
  const { checkAgainstAwsSolutions } = await import('../lib/nag.ts');
  checkAgainstAwsSolutions(app);
}
