import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat, LogGroupLogDestination, MethodLoggingLevel, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { executionLogGroupName } from './data-key.ts';
import { logSettings } from './logs.ts';
import type { Stage } from './stage.ts';

/**
 * Who called what, when, with which answer. The route is the declared one, so no id of a caller's is in it; header, query
 * and body, where credentials and payloads are, have no part in it.
 */
const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    request_id: '$context.requestId',
    trace_id: '$context.xrayTraceId',
    time_ms: '$context.requestTimeEpoch',
    address: '$context.identity.sourceIp',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    response_bytes: '$context.responseLength',
    latency_ms: '$context.responseLatency',
    function_latency_ms: '$context.integrationLatency',
    gateway_refusal: '$context.error.responseType',
    firewall: '$context.waf.status',
  }),
);

interface Props {
  readonly stage: Stage;
  readonly key: IKey;
}

/** What API Gateway writes down: a line for every request, and what goes wrong inside it, in log groups of ours. */
export class ApiLogs extends Construct {
  readonly #props: Props;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    this.#props = props;
  }

  /** What a stage must be deployed with. Its errors alone are logged: requests and answers in full would hold money. */
  get deployOptions() {
    const { stage, key } = this.#props;
    return {
      accessLogDestination: new LogGroupLogDestination(new LogGroup(this, 'Access', logSettings(stage, key))),
      accessLogFormat: ACCESS_LOG_FORMAT,
      loggingLevel: MethodLoggingLevel.ERROR,
      dataTraceEnabled: false,
    };
  }

  /** Makes the log group for errors before API Gateway would, which sets neither key nor retention. */
  watch(rest: RestApi): void {
    const { stage, key } = this.#props;
    const logGroupName = executionLogGroupName(rest.restApiId, stage);
    const errors = new LogGroup(this, 'Errors', { logGroupName, ...logSettings(stage, key) });
    rest.deploymentStage.node.addDependency(errors);
    Validations.of(rest).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'One role for all APIs of an account and region: what API Gateway itself asks of it, and nothing of ours.',
    });
  }
}
