import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './stack.ts';

/** A small cloud assembly, as the CDK would write it: one template per stack, one bundle per function name. */
export function writeAssembly(
  stacks: Readonly<Record<string, object>>,
  bundles: Readonly<Record<string, string>> = {},
): string {
  const folder = temporaryFolder();
  const artifacts: Record<string, object> = {
    assets: { type: 'cdk:asset-manifest', properties: { file: 'handwritten.assets.json' } },
  };
  for (const [name, template] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`;
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile } };
    writeFileSync(join(folder, templateFile), JSON.stringify(template));
  }
  const files: Record<string, object> = {};
  for (const [name, source] of Object.entries(bundles)) {
    mkdirSync(join(folder, `bundle.${name}`));
    writeFileSync(join(folder, `bundle.${name}`, 'index.mjs'), source);
    files[name] = {
      source: { path: `bundle.${name}`, packaging: 'zip' },
      destinations: { here: { objectKey: `${name}.zip` } },
    };
  }
  writeFileSync(join(folder, 'handwritten.assets.json'), JSON.stringify({ files }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  return folder;
}

/** A function resource that runs the bundle of this name. */
export function lambda(bundle: string, properties: object = {}): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: `${bundle}.zip` },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 5,
      MemorySize: 128,
      ...properties,
    },
  };
}

/** A REST API with stage `live`; routes by resource path, then method, to a function's logical id. */
export function restApi(
  routes: Readonly<Record<string, Readonly<Record<string, string>>>>,
  properties: object = {},
): Record<string, object> {
  const RestApiId = { Ref: 'Api' };
  const resources: Record<string, object> = {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'test', ...properties } },
    Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId } },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId, StageName: 'live', DeploymentId: { Ref: 'Deployment' } },
    },
  };
  for (const [path, methods] of Object.entries(routes)) {
    const ResourceId = addPath(resources, path);
    for (const [HttpMethod, functionId] of Object.entries(methods)) {
      const Uri = {
        'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/functions/\${${functionId}.Arn}/invocations`,
      };
      const Integration = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri };
      const Properties = { RestApiId, ResourceId, HttpMethod, AuthorizationType: 'NONE', Integration };
      resources[`${HttpMethod} ${path}`] = { Type: 'AWS::ApiGateway::Method', Properties };
    }
  }
  return resources;
}

/** Adds a resource for each segment that has none yet; gives the expression for the last one's id. */
function addPath(resources: Record<string, object>, path: string): object {
  let parent: object = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  let id = 'Path';
  for (const PathPart of path.split('/').filter((part) => part !== '')) {
    id += `/${PathPart}`;
    resources[id] ??= {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { ParentId: parent, PathPart, RestApiId: { Ref: 'Api' } },
    };
    parent = { Ref: id };
  }
  return parent;
}
