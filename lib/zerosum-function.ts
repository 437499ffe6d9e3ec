import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { VariableName } from '../lambdas/environment.ts';
import type { Stage } from './stage.ts';

interface Props {
  readonly stage: Stage;
  readonly name: string;
  /** The folder with its `index.mjs`. */
  readonly bundle: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Partial<Record<VariableName, string>>;
}

/** A function with the house defaults: one bundle with its own pinned SDK, logs that expire, no inherited grants. */
export class ZerosumFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: Props) {
    const { stage, name } = props;
    super(scope, id, {
      description: `Zerosum ${name}`,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment, STAGE: stage.name, POWERTOOLS_SERVICE_NAME: name },
      logGroup: new LogGroup(scope, `${id}Logs`, {
        retention: stage.keepsData ? RetentionDays.ONE_YEAR : RetentionDays.ONE_WEEK,
        removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      }),
    });
  }
}
