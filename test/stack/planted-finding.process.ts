import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { checkAgainstAwsSolutions } from '../../lib/nag.ts';

/** An app with one resource against a rule: a topic that whoever comes without TLS may use. */
const app = new App();
new Topic(new Stack(app, 'planted'), 'Topic');
checkAgainstAwsSolutions(app);
