import { Validations } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IFunction, type IVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from './function-limits.ts';
import type { ZerosumFunction } from './zerosum-function.ts';

/**
 * What runs so often that a tenth of it tells something within a quarter of an hour. A mapping from a queue or stream
 * invokes the alias, so its weights share out batches as they share out requests; a batch that the new version fails comes
 * again, and most likely to the old one. The others run too seldom to judge by, and change at once.
 */
const SHIFTED: readonly FunctionName[] = ['ingest', 'read', 'consumer', 'projector'];

const ALIAS = 'live';

/**
 * `-c release=at-once` shifts everything at once: CodeDeploy stops a release while one of its alarms is on, so also the one that
 * mends what the alarm is about. The next deployment without it is gradual again.
 */
const AT_ONCE = 'at-once';

interface Props {
  readonly functions: Readonly<Record<FunctionName, Pick<ZerosumFunction, 'currentVersion'>>>;
}

/**
 * New versions on their way to their traffic: a tenth of it for a quarter of an hour, which is three windows of the alarms,
 * then the rest if none went off.
 */
export class GradualRelease extends Construct {
  /** What everything that invokes a function must point at. */
  readonly targets: Readonly<Record<FunctionName, IFunction>>;
  readonly #groups: readonly LambdaDeploymentGroup[];

  constructor(scope: Construct, id: string, { functions }: Props) {
    super(scope, id);
    // The CDK's own classes fit its interfaces only where an optional property may be undefined; here it may not.
    const alias = ({ currentVersion }: Pick<ZerosumFunction, 'currentVersion'>, name: string) =>
      new Alias(this, `${name}Alias`, { aliasName: ALIAS, version: currentVersion as IVersion });
    const aliases = Object.fromEntries(
      Object.entries(functions).map(([name, each]) => [name, alias(each, name)]),
    ) as Record<FunctionName, Alias>;
    this.targets = aliases as Record<FunctionName, IFunction>;

    this.#groups = this.#isAtOnce() ? [] : this.#groupsFor(aliases);
  }

  #isAtOnce(): boolean {
    const release: unknown = this.node.tryGetContext('release');
    if (release !== undefined && release !== AT_ONCE) throw new Error(`Pass -c release=${AT_ONCE}, or nothing.`);
    return release === AT_ONCE;
  }

  #groupsFor(aliases: Readonly<Record<FunctionName, Alias>>): LambdaDeploymentGroup[] {
    const role = new Role(this, 'ShiftsTraffic', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: "CodeDeploy's own: it moves aliases and reads alarms, and reaches no data; AWS keeps it up to date.",
    });
    const application = new LambdaApplication(this, 'Application');
    return SHIFTED.map((name) => this.#shift(name, { alias: aliases[name], application, role }));
  }

  /** Takes a new version back when one of these goes off while it has only a tenth of the traffic. */
  rollBackOn(alarms: readonly IAlarm[]): void {
    for (const group of this.#groups) for (const alarm of alarms) group.addAlarm(alarm);
  }

  #shift(name: FunctionName, of: { alias: Alias; application: LambdaApplication; role: Role }): LambdaDeploymentGroup {
    return new LambdaDeploymentGroup(this, `${name}Release`, {
      ...of,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }
}
