import { Validations } from 'aws-cdk-lib';
import { type GatewayResponseOptions, LambdaIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { REQUEST_ID_HEADER, securityHeaders } from '../lambdas/http/headers.ts';
import { type ProblemKind, problemDocument, problemHeaders } from '../lambdas/http/problem.ts';
import { fallbackOwner, type HttpFunction, routes } from '../lambdas/http/routes.ts';
import { ApiLogs } from './api-logs.ts';
import { Firewall } from './firewall.ts';
import type { Stage } from './stage.ts';

interface Props {
  readonly stage: Stage;
  readonly key: IKey;
  /** What to invoke of each function: itself, or its alias. */
  readonly targets: Record<HttpFunction, IFunction>;
}

/** What API Gateway refuses by itself, in the words of our own problem documents. */
const gatewayRefusals: readonly [ResponseType, ProblemKind, string][] = [
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, 'not_found', 'No such route: see /openapi.json for those there are.'],
  [ResponseType.REQUEST_TOO_LARGE, 'too_large', 'Send less in one request.'],
  [ResponseType.UNSUPPORTED_MEDIA_TYPE, 'unsupported_media', 'Send the body as JSON.'],
  [ResponseType.THROTTLED, 'throttled', 'Slow down and try again.'],
  [ResponseType.QUOTA_EXCEEDED, 'throttled', 'The quota is used up: try again later.'],
  [ResponseType.WAF_FILTERED, 'forbidden', 'A firewall rule refused this request.'],
  [ResponseType.DEFAULT_4XX, 'malformed', 'The request could not be read: check its path, headers and body.'],
  // A crash, a timeout or an answer that never came: the caller may safely send the same request again.
  [ResponseType.DEFAULT_5XX, 'unavailable', 'No answer from the service: send the same request again.'],
];

/**
 * The REST API. Every path belongs to one function for all methods, so that a wrong method gets the contract's 405 from
 * that function's router, and every other path falls through to a 404.
 */
export class Api extends Construct {
  readonly rest: RestApi;

  constructor(scope: Construct, id: string, { stage, key, targets }: Props) {
    super(scope, id);
    const logs = new ApiLogs(this, 'Logs', { stage, key });
    this.rest = new RestApi(this, 'Rest', {
      restApiName: `zerosum-${stage.name}`,
      // Without this a REST API decodes every body as text and mangles what is not UTF-8, so no signature could hold.
      binaryMediaTypes: ['*/*'],
      deployOptions: {
        stageName: stage.name,
        ...logs.deployOptions,
        // Those of the whole stage come anyway; these would be some five for each method and path in use, at $0.30 a month.
        metricsEnabled: false,
        tracingEnabled: true,
        throttlingRateLimit: stage.throttle.requestsPerSecond,
        throttlingBurstLimit: stage.throttle.burst,
      },
      // An account and region have one such role, which every API there logs with: it outlives the stack that made it.
      cloudWatchRole: true,
    });
    logs.watch(this.rest);
    const integrations = Object.fromEntries(
      Object.entries(targets).map(([name, target]) => [
        name,
        new LambdaIntegration(target, { allowTestInvoke: false }),
      ]),
    ) as Record<HttpFunction, LambdaIntegration>;
    for (const { path, owner } of Object.values(routes)) {
      this.rest.root.resourceForPath(path).addMethod('ANY', integrations[owner]);
    }
    this.rest.root.addMethod('ANY', integrations[fallbackOwner]);
    this.rest.root.addProxy({ defaultIntegration: integrations[fallbackOwner] });
    for (const [type, kind, detail] of gatewayRefusals) {
      this.rest.addGatewayResponse(type.responseType, gatewayResponse(type, kind, detail));
    }
    const { firewall } = stage;
    if (firewall !== undefined) {
      new Firewall(this, 'Firewall', { stage, ...firewall, apiStage: this.rest.deploymentStage });
    }
    this.#acknowledge(stage);
  }

  #acknowledge({ firewall }: Stage): void {
    const inTheFunction =
      'Every function authenticates by itself (lambdas/http/router.ts): a token, an API key or a signature.';
    const all = [
      { id: 'AwsSolutions-APIG2', reason: 'Every body is checked by the schema that documents it (lambdas/http).' },
      { id: 'AwsSolutions-APIG4', reason: inTheFunction },
      { id: 'AwsSolutions-COG4', reason: inTheFunction },
    ];
    Validations.of(this.rest).acknowledge(...all);
    if (firewall === undefined) {
      const reason =
        'A firewall costs more a month than everything else of this stage together, which holds no real data.';
      Validations.of(this.rest).acknowledge({ id: 'AwsSolutions-APIG3', reason });
    }
  }
}

function gatewayResponse(type: ResponseType, kind: ProblemKind, detail: string): GatewayResponseOptions {
  const document = problemDocument(kind, detail, '$context.requestId');
  const headers = Object.entries({ ...securityHeaders, ...problemHeaders(kind) });
  const quoted = headers.map(([name, value]) => [name, `'${value}'`]);
  return {
    type,
    statusCode: String(document.status),
    responseHeaders: { ...Object.fromEntries(quoted), [REQUEST_ID_HEADER]: 'context.requestId' },
    templates: { 'application/json': JSON.stringify(document) },
  };
}
