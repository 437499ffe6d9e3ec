/**
 * List prices of us-east-1 in US dollars, first tier, as AWS's public price pages have them. Looked up on 2026-11-24 in public
 * copies and quotations of those pages, since this was written without a connection to AWS: `isSeen` says which
 * figures were found so. The others are from memory and wait for a look at the page. The bill says which it rests on.
 */
export const PRICES_AS_OF = '2026-11-24';
export const PRICES_REGION = 'us-east-1';

interface ListPrice {
  readonly dollars: number;
  /** For so many units. */
  readonly per: number;
  readonly unit: string;
  readonly source: string;
  readonly isSeen: boolean;
  /** What every account gets free each month for ever; allowances of a first year are none. */
  readonly alwaysFree?: number;
}

const MILLION = 1_000_000;

const pages = {
  dynamodb: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  apiGateway: 'https://aws.amazon.com/api-gateway/pricing/',
  transfer: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  s3: 'https://aws.amazon.com/s3/pricing/',
  cloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  xRay: 'https://aws.amazon.com/xray/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  secrets: 'https://aws.amazon.com/secrets-manager/pricing/',
};

export const prices = {
  apiRequest: price(3.5, MILLION, 'REST requests', pages.apiGateway),
  transferOut: { ...price(0.09, 1, 'GB', pages.transfer), alwaysFree: 100 },
  lambdaRequest: { ...price(0.2, MILLION, 'invocations', pages.lambda), alwaysFree: MILLION },
  lambdaGbSecond: { ...price(0.0000133334, 1, 'GB-seconds (arm64)', pages.lambda), alwaysFree: 400_000 },
  writeUnit: price(0.625, MILLION, 'write request units', pages.dynamodb),
  readUnit: price(0.125, MILLION, 'read request units', pages.dynamodb),
  tableStorage: { ...price(0.25, 1, 'GB-months', pages.dynamodb), alwaysFree: 25 },
  tableBackup: price(0.2, 1, 'GB-months (point-in-time recovery)', pages.dynamodb),
  fifoRequest: { ...unseen(0.5, MILLION, 'FIFO requests of 64 kB', pages.sqs), alwaysFree: MILLION },
  objectWrite: unseen(0.005, 1_000, 'PUT and LIST requests', pages.s3),
  objectRead: unseen(0.0004, 1_000, 'GET requests', pages.s3),
  objectStorage: price(0.023, 1, 'GB-months', pages.s3),
  logIngestion: { ...price(0.5, 1, 'GB', pages.cloudWatch), alwaysFree: 5 },
  logStorage: unseen(0.03, 1, 'GB-months', pages.cloudWatch),
  customMetric: { ...price(0.3, 1, 'metrics', pages.cloudWatch), alwaysFree: 10 },
  alarm: { ...price(0.1, 1, 'metrics in alarms', pages.cloudWatch), alwaysFree: 10 },
  compositeAlarm: unseen(0.5, 1, 'composite alarms', pages.cloudWatch),
  dashboard: { ...price(3, 1, 'dashboards', pages.cloudWatch), alwaysFree: 3 },
  trace: { ...unseen(5, MILLION, 'traces', pages.xRay), alwaysFree: 100_000 },
  key: price(1, 1, 'keys', pages.kms),
  keyRequest: { ...price(0.03, 10_000, 'key requests', pages.kms), alwaysFree: 20_000 },
  secret: price(0.4, 1, 'secrets', pages.secrets),
  secretRead: price(0.05, 10_000, 'secret reads', pages.secrets),
} as const satisfies Record<string, ListPrice>;

export type PriceName = keyof typeof prices;

export function priceOf(name: PriceName): ListPrice {
  return prices[name];
}

function price(dollars: number, per: number, unit: string, source: string) {
  return { dollars, per, unit, source, isSeen: true as boolean };
}

function unseen(dollars: number, per: number, unit: string, source: string) {
  return { ...price(dollars, per, unit, source), isSeen: false };
}
