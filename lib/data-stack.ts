import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import {
  EXPIRES_AT,
  PARTITION_KEY,
  REFUSAL_INDEX,
  REFUSAL_INDEX_PARTITION_KEY,
  REFUSAL_INDEX_SORT_KEY,
  SORT_KEY,
  TIME_INDEX,
  TIME_INDEX_PARTITION_KEY,
  TIME_INDEX_SORT_KEY,
} from '../lambdas/storage/keys.ts';
import { AnchorBucket } from './anchor-bucket.ts';
import { GeneratedSecret } from './generated-secret.ts';
import { MessageQueue } from './message-queue.ts';
import { RECONCILE_TIMEOUT_SECONDS, type Stage } from './stage.ts';

/** Everything that must outlive a deployment: the tables (one per trust boundary), the queues, the anchors, the secrets. */
export class DataStack extends Stack {
  readonly usageIntake: Table;
  readonly adjustmentIntake: Table;
  readonly ledger: Table;
  readonly balances: Table;
  readonly usage: Table;
  readonly config: Table;
  readonly operations: Table;
  readonly rateLimits: Table;
  readonly usageQueue: MessageQueue;
  readonly adjustmentQueue: MessageQueue;
  readonly reconcileQueue: MessageQueue;
  readonly anchors: AnchorBucket;
  readonly jwtSecret: GeneratedSecret;
  readonly webhookSealSecret: GeneratedSecret;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.usageIntake = this.intake('UsageIntake', stage);
    this.adjustmentIntake = this.intake('AdjustmentIntake', stage);
    this.ledger = this.table('Ledger', stage, { isWatched: true });
    // Sparse: only refusals have its keys.
    this.ledger.addGlobalSecondaryIndex({
      indexName: REFUSAL_INDEX,
      partitionKey: { name: REFUSAL_INDEX_PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: REFUSAL_INDEX_SORT_KEY, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.balances = this.table('Balances', stage);
    this.usage = this.table('Usage', stage);
    this.config = this.table('Config', stage);
    this.operations = this.table('Operations', stage);
    this.rateLimits = this.table('RateLimits', stage, { expiresBy: EXPIRES_AT });

    const { consumerTimeoutSeconds } = stage;
    this.usageQueue = new MessageQueue(this, 'UsageQueue', { name: 'Usage', consumerTimeoutSeconds });
    this.adjustmentQueue = new MessageQueue(this, 'AdjustmentQueue', { name: 'Adjustments', consumerTimeoutSeconds });
    this.reconcileQueue = new MessageQueue(this, 'ReconcileQueue', {
      name: 'ReconcileRuns',
      consumerTimeoutSeconds: RECONCILE_TIMEOUT_SECONDS,
    });
    this.anchors = new AnchorBucket(this, 'Anchors', { stage });
    this.jwtSecret = new GeneratedSecret(this, 'JwtSecret', {
      stage,
      description: 'Signs tenant and admin tokens: {"current": "...", "previous": "..." while rotating}.',
    });
    this.webhookSealSecret = new GeneratedSecret(this, 'WebhookSealSecret', {
      stage,
      description: 'Encrypts the webhook secrets in Config: {"current": "...", "previous": "..." while rotating}.',
    });
  }

  /** What callers handed in: watched for edits, with the index over time that the sweep walks. */
  private intake(id: string, stage: Stage): Table {
    const table = this.table(id, stage, { isWatched: true });
    table.addGlobalSecondaryIndex({
      indexName: TIME_INDEX,
      partitionKey: { name: TIME_INDEX_PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: TIME_INDEX_SORT_KEY, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return table;
  }

  private table(id: string, stage: Stage, options: { isWatched?: boolean; expiresBy?: string } = {}): Table {
    return new Table(this, id, {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(options.isWatched && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      ...(options.expiresBy !== undefined && { timeToLiveAttribute: options.expiresBy }),
    });
  }
}
