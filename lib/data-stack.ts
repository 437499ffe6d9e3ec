import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
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
import { DataKey } from './data-key.ts';
import { GeneratedSecret } from './generated-secret.ts';
import { MessageQueue, StreamFailures } from './message-queue.ts';
import { RECONCILE_TIMEOUT_SECONDS, type Stage } from './stage.ts';

/** Everything that must outlive a deployment: the key, the tables (one per trust boundary), queues, anchors, secrets. */
export class DataStack extends Stack {
  readonly key: DataKey;
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
  readonly streamFailures: StreamFailures;
  readonly anchors: AnchorBucket;
  readonly jwtSecret: GeneratedSecret;
  readonly webhookSealSecret: GeneratedSecret;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.key = new DataKey(this, 'Key', { stage });
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

    const owned = { stage, key: this.key };
    const posted = { ...owned, consumerTimeoutSeconds: stage.consumerTimeoutSeconds };
    this.usageQueue = new MessageQueue(this, 'UsageQueue', { name: 'Usage', ...posted });
    this.adjustmentQueue = new MessageQueue(this, 'AdjustmentQueue', { name: 'Adjustments', ...posted });
    const ran = { ...owned, consumerTimeoutSeconds: RECONCILE_TIMEOUT_SECONDS };
    this.reconcileQueue = new MessageQueue(this, 'ReconcileQueue', { name: 'ReconcileRuns', ...ran });
    this.streamFailures = new StreamFailures(this, 'StreamFailures', owned);
    this.anchors = new AnchorBucket(this, 'Anchors', owned);
    this.jwtSecret = new GeneratedSecret(this, 'JwtSecret', {
      ...owned,
      description: 'Signs tenant and admin tokens: {"current": "...", "previous": "..." while rotating}.',
    });
    this.webhookSealSecret = new GeneratedSecret(this, 'WebhookSealSecret', {
      ...owned,
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
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(options.isWatched && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      ...(options.expiresBy !== undefined && { timeToLiveAttribute: options.expiresBy }),
    });
  }
}
