import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import {
  PARTITION_KEY,
  SORT_KEY,
  TIME_INDEX,
  TIME_INDEX_PARTITION_KEY,
  TIME_INDEX_SORT_KEY,
} from '../lambdas/storage/keys.ts';
import type { Stage } from './stage.ts';
import { UsageQueue } from './usage-queue.ts';

/** Everything that must outlive a deployment: the tables (one per trust boundary), the queue and the token secret. */
export class DataStack extends Stack {
  readonly usageIntake: Table;
  readonly ledger: Table;
  readonly balances: Table;
  readonly config: Table;
  readonly operations: Table;
  readonly usageQueue: UsageQueue;
  readonly jwtSecret: Secret;

  constructor(scope: Construct, id: string, props: StackProps & { stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.usageIntake = this.table('UsageIntake', stage);
    this.usageIntake.addGlobalSecondaryIndex({
      indexName: TIME_INDEX,
      partitionKey: { name: TIME_INDEX_PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: TIME_INDEX_SORT_KEY, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.ledger = this.table('Ledger', stage);
    this.balances = this.table('Balances', stage);
    this.config = this.table('Config', stage);
    this.operations = this.table('Operations', stage);
    this.usageQueue = new UsageQueue(this, 'UsageQueue', { consumerTimeoutSeconds: stage.consumerTimeoutSeconds });
    this.jwtSecret = new Secret(this, 'JwtSecret', {
      description: 'Signs tenant and admin tokens: {"current": "...", "previous": "..." while rotating}.',
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'current', passwordLength: 64 },
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private table(id: string, stage: Stage): Table {
    return new Table(this, id, {
      partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
      sortKey: { name: SORT_KEY, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.keepsData,
      removalPolicy: stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
