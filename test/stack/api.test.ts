import { beforeAll, describe, expect, it } from 'vitest';
import { type Resource, type StageName, synthesised, type Template } from '../support/templates.ts';

const templates = new Map<StageName, Template>();

beforeAll(async () => {
  for (const stage of ['dev', 'prod'] as const) templates.set(stage, await synthesised(stage));
});

function only(stage: StageName, type: string): Resource {
  const found = [...(templates.get(stage)?.resources.values() ?? [])].filter(({ Type }) => Type === type);
  expect(found, type).toHaveLength(1);
  return found[0] as Resource;
}

describe.each(['dev', 'prod'] as const)('stage %s', (stage) => {
  const apiStage = () => only(stage, 'AWS::ApiGateway::Stage').Properties;

  it('writes a line for every request, with nothing in it that a credential, an id or money could be', () => {
    const format = JSON.parse(apiStage().AccessLogSetting.Format) as Record<string, string>;
    expect(Object.values(format)).toEqual(expect.arrayContaining(['$context.requestId', '$context.status']));
    // A path holds event ids, and the rest are headers, query and body, or an authorizer's reading of them.
    const secrets =
      /header|authori[sz]|querystring|body|context\.path|identity\.(apiKey|userAgent|caller)|requestOverride/i;
    for (const value of Object.values(format)) {
      expect(value).toMatch(/^\$context\.[\w.]+$/);
      expect(value).not.toMatch(secrets);
    }
  });

  it('logs its own errors, never a request or an answer in full, and bounds what it lets through', () => {
    expect(apiStage().TracingEnabled).toBe(true);
    expect(apiStage().MethodSettings).toEqual([
      {
        ...{
          HttpMethod: '*',
          ResourcePath: '/*',
          LoggingLevel: 'ERROR',
          DataTraceEnabled: false,
          // A price for each method and path; every alarm and graph is about the whole stage.
          MetricsEnabled: false,
        },
        ThrottlingRateLimit: stage === 'prod' ? 10_000 : 1_000,
        ThrottlingBurstLimit: stage === 'prod' ? 5_000 : 500,
      },
    ]);
  });
});

describe('the firewall of stage prod', () => {
  interface Rule {
    readonly Name: string;
    readonly Action?: { readonly Block?: { readonly CustomResponse?: unknown } };
    readonly Statement: {
      readonly ManagedRuleGroupStatement?: {
        readonly RuleActionOverrides: readonly { readonly Name: string; readonly ActionToUse: object }[];
      };
      readonly RateBasedStatement?: object;
    };
  }
  const rules = () => only('prod', 'AWS::WAFv2::WebACL').Properties.Rules as Rule[];

  it('stands in front of the API', () => {
    const association = only('prod', 'AWS::WAFv2::WebACLAssociation').Properties;
    expect(JSON.stringify(association.ResourceArn)).toMatch(/restapis.*stages/);
  });

  it('blocks nothing for its body, its path or a missing User-Agent', () => {
    const core = rules().find(({ Name }) => Name === 'CoreRuleSet')?.Statement.ManagedRuleGroupStatement;
    expect(core).toMatchObject({ VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' });
    const counted = core?.RuleActionOverrides.filter(({ ActionToUse }) => 'Count' in ActionToUse);
    expect(counted?.map(({ Name }) => Name).sort()).toEqual([
      ...['CrossSiteScripting_BODY', 'CrossSiteScripting_URIPATH', 'EC2MetaDataSSRF_BODY', 'EC2MetaDataSSRF_URIPATH'],
      ...['GenericLFI_BODY', 'GenericLFI_URIPATH', 'GenericRFI_BODY', 'GenericRFI_URIPATH', 'NoUserAgent_HEADER'],
      ...['RestrictedExtensions_URIPATH', 'SizeRestrictions_BODY', 'SizeRestrictions_URIPATH'],
    ]);
  });

  it("lets one address do what one tenant may, and answers what is more in the contract's words", () => {
    const flood = rules().find(({ Name }) => Name === 'FloodFromOneAddress');
    expect(flood?.Statement.RateBasedStatement).toMatchObject({ Limit: 300_000, EvaluationWindowSec: 300 });
    expect(flood?.Action?.Block?.CustomResponse).toMatchObject({
      ResponseCode: 429,
      ResponseHeaders: [{ Name: 'retry-after', Value: '300' }],
    });
    const { Content } = only('prod', 'AWS::WAFv2::WebACL').Properties.CustomResponseBodies.throttled;
    expect(JSON.parse(Content)).toMatchObject({ type: 'urn:zerosum:problem:throttled', status: 429 });
  });
});
