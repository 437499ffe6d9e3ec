import { buildConsolePage } from '../lib/console-page.ts';

// Begun before the CDK is loaded, which takes longer: so the page costs no time.
const building = buildConsolePage(`${process.env['CDK_OUTDIR'] ?? 'cdk.out'}/page`);

const { App } = await import('aws-cdk-lib');
const { DataStack } = await import('../lib/data-stack.ts');
const { ServiceStack } = await import('../lib/service-stack.ts');
const { parseStageName, stages } = await import('../lib/stage.ts');

const app = new App();
const stage = stages[parseStageName(app.node.tryGetContext('stage') ?? 'dev')];

const data = new DataStack(app, `zerosum-${stage.name}-data`, { stage, terminationProtection: stage.keepsData });
new ServiceStack(app, `zerosum-${stage.name}`, { stage, data, consolePage: await building });

// As the CDK's own checks: the embedded stack has no time for them, nor for loading them; `cdk synth` and `deploy` run both.
if (process.env['CDK_VALIDATION'] !== 'false') {
  const { checkAgainstAwsSolutions } = await import('../lib/nag.ts');
  checkAgainstAwsSolutions(app);
}
