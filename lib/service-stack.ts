import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { grantAuthority } from './authority.ts';
import type { DataStack } from './data-stack.ts';
import { Functions } from './functions.ts';
import { Operations } from './operations/operations.ts';
import { watch } from './operations/watched.ts';
import { GradualRelease } from './release.ts';
import type { Stage } from './stage.ts';
import { Triggers } from './triggers.ts';

/** Everything that can be deployed again at will: functions, their triggers and the API. */
export class ServiceStack extends Stack {
  readonly operations: Operations;

  /** @param props with the folder of the console's built page */
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { stage: Stage; data: DataStack; consolePage: string },
  ) {
    super(scope, id, props);
    const { stage, data, consolePage } = props;
    const functions = new Functions(this, 'Functions', { stage, data, consolePage }).all;
    grantAuthority(functions, data);
    const release = stage.releasesGradually ? new GradualRelease(this, 'Release', { functions }) : undefined;
    const targets = release?.targets ?? functions;
    new Triggers(this, 'Triggers', { stage, data, targets });
    const { key } = data;
    const api = new Api(this, 'Api', { stage, key, targets });
    const watched = watch(stage, data, { functions, api });
    this.operations = new Operations(this, 'Operations', { watched, key, reconcile: targets.reconcile });
    release?.rollBackOn(this.operations.rollbackAlarms);
    new CfnOutput(this, 'ApiUrl', { value: api.rest.url });
  }
}
