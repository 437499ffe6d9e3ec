import { App } from 'aws-cdk-lib';
import { DataStack } from '../lib/data-stack.ts';
import { ServiceStack } from '../lib/service-stack.ts';
import { parseStageName, stages } from '../lib/stage.ts';

const app = new App();
const stage = stages[parseStageName(app.node.tryGetContext('stage') ?? 'dev')];

const data = new DataStack(app, `zerosum-${stage.name}-data`, { stage });
new ServiceStack(app, `zerosum-${stage.name}`, { stage, data });
