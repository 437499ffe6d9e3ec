import type { IStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { problemDocument } from '../lambdas/http/problem.ts';
import type { Stage } from './stage.ts';

/** The window over which AWS WAF counts an address. */
const WINDOW_SECONDS = 300;

/**
 * Rules of AWS's core rule set that only count here (AWS WAF Developer Guide, "Baseline rule groups"). A body is JSON that
 * our own schemas read, up to 4 MiB of it, signed by its sender to the last byte: the rules would refuse one over 8 KB,
 * and any whose strings look like markup or a path. An event id may be any text, and is part of a path. Providers that
 * deliver by webhook need not say who they are in `User-Agent`.
 */
const COUNTED_ONLY = [
  ...['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'GenericLFI_BODY', 'GenericRFI_BODY'],
  ...[
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_URIPATH',
    'GenericRFI_URIPATH',
    'CrossSiteScripting_URIPATH',
    'EC2MetaDataSSRF_URIPATH',
  ],
  ...['RestrictedExtensions_URIPATH', 'SizeRestrictions_URIPATH', 'NoUserAgent_HEADER'],
];

interface Props {
  readonly stage: Stage;
  readonly requestsPerAddress: number;
  readonly apiStage: IStage & { readonly stageArn: string };
}

/** Keeps known attacks and floods from one address away from the API, before they cost an invocation. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { stage, requestsPerAddress, apiStage }: Props) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible(`zerosum-${stage.name}`),
      customResponseBodies: { throttled: { contentType: 'APPLICATION_JSON', content: throttled() } },
      rules: [
        {
          name: 'FloodFromOneAddress',
          priority: 0,
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requestsPerAddress,
              evaluationWindowSec: WINDOW_SECONDS,
            },
          },
          action: {
            block: {
              customResponse: {
                responseCode: 429,
                customResponseBodyKey: 'throttled',
                responseHeaders: [{ name: 'retry-after', value: String(WINDOW_SECONDS) }],
              },
            },
          },
          visibilityConfig: visible('flood-from-one-address'),
        },
        {
          name: 'CoreRuleSet',
          priority: 1,
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: COUNTED_ONLY.map((name) => ({ name, actionToUse: { count: {} } })),
            },
          },
          overrideAction: { none: {} },
          visibilityConfig: visible('core-rule-set'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'InFrontOfTheApi', { resourceArn: apiStage.stageArn, webAclArn: acl.attrArn });
  }
}

/** Metrics, and no sampled requests: a sample would keep headers, and with them credentials. */
function visible(metricName: string) {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}

function throttled(): string {
  return JSON.stringify(problemDocument('throttled', 'Too much from one address: wait, then send again.', 'none'));
}
