import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { VariableName } from '../lambdas/environment.ts';
import type { FunctionLimits } from './function-limits.ts';
import { logSettings } from './logs.ts';
import type { Stage } from './stage.ts';

interface Props {
  readonly stage: Stage;
  readonly key: IKey;
  readonly name: string;
  /** The folder with its `index.mjs`. */
  readonly bundle: string;
  readonly limits: FunctionLimits;
  readonly environment: Partial<Record<VariableName, string>>;
}

/** A function with the house defaults: one bundle with its own pinned SDK, logs that expire, traces, no inherited grants. */
export class ZerosumFunction extends LambdaFunction {
  readonly serviceRole: Role;

  constructor(scope: Construct, id: string, props: Props) {
    const { stage, name, limits } = props;
    const { reservedConcurrency } = limits;
    // Of its own making: the CDK's would come with a managed policy over every log group of the account.
    const role = new Role(scope, `${id}ServiceRole`, {
      description: `What the function ${name} of Zerosum may do, listed in lib/authority.ts`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    super(scope, id, {
      description: `Zerosum ${name}`,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: limits.memoryMb,
      timeout: Duration.seconds(limits.timeoutSeconds),
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      environment: { ...props.environment, STAGE: stage.name, POWERTOOLS_SERVICE_NAME: name },
      role,
      logGroup: new LogGroup(scope, `${id}Logs`, logSettings(stage, props.key)),
      // One whose release was taken back goes, or the same release could not be tried again: Lambda publishes nothing twice.
      ...(stage.keepsData && { currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } }),
    });
    this.serviceRole = role;
    // Not `tracing`: it would grant by itself what `authority.ts` is there to list.
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
  }
}
