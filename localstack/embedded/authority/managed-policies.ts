import { StackError } from '../stack-error.ts';
import { readPolicy, type Statement } from './statement.ts';

/** AWS's own policies that roles here use, as the AWS Managed Policy Reference Guide has them. */
const policies: Readonly<Record<string, { readonly actions: readonly string[] }>> = {
  'service-role/AWSLambdaBasicExecutionRole': {
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  },
  AWSXRayDaemonWriteAccess: {
    actions: [
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ],
  },
};

/** The statements of a policy that AWS manages. Throws a `StackError` for one whose content is not known here. */
export function readManagedPolicy(arn: string): Statement[] {
  const name = arn.replace(/^arn:aws:iam::aws:policy\//, '');
  const known = Object.hasOwn(policies, name) ? policies[name] : undefined;
  if (known === undefined) {
    throw new StackError(
      `A function's role has ${arn}, whose content the embedded stack does not know: add it to authority/managed-policies.ts, or unset ZEROSUM_ENFORCE_IAM.`,
    );
  }
  const statement = { Effect: 'Allow', Action: [...known.actions], Resource: '*' };
  return readPolicy({ Version: '2012-10-17', Statement: [statement] }, arn);
}
