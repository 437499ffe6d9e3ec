import { createHash } from 'node:crypto';
import { z } from 'zod';
import { EngineError } from '../engines/aws-json.ts';
import type { S3Api } from '../engines/s3.ts';
import { messageOf, StackError } from '../stack-error.ts';
import { asideFor, kind, type Place, physicalName } from './kind.ts';

/** Amazon S3 User Guide, "Bucket naming rules". */
const MOST_NAME_CHARACTERS = 63;
const HASH_CHARACTERS = 8;

const defaultRetentionSchema = z.strictObject({
  Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']),
  Days: z.number().int().positive().optional(),
  Years: z.number().int().positive().optional(),
});

const encryptionSchema = z.strictObject({
  ServerSideEncryptionConfiguration: z.array(
    z.strictObject({
      ServerSideEncryptionByDefault: z
        .strictObject({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() })
        .optional(),
      BucketKeyEnabled: asideFor('it only saves calls'),
    }),
  ),
});

/** An S3 bucket, with versions and Object Lock as declared; found again at every start, with what is in it. */
export const bucket = kind(
  'AWS::S3::Bucket',
  {
    BucketName: z.string().optional(),
    ObjectLockEnabled: z.boolean().optional(),
    ObjectLockConfiguration: z
      .strictObject({
        ObjectLockEnabled: z.literal('Enabled').optional(),
        Rule: z.strictObject({ DefaultRetention: defaultRetentionSchema }).optional(),
      })
      .optional(),
    VersioningConfiguration: z.strictObject({ Status: z.literal('Enabled') }).optional(),
    BucketEncryption: encryptionSchema.optional(),
    PublicAccessBlockConfiguration: asideFor('no IAM'),
    OwnershipControls: asideFor('no IAM'),
    LifecycleConfiguration: asideFor('nothing expires here; what is not needed only takes room'),
    Tags: asideFor('nobody asks for them'),
  },
  async (properties, place, { s3, buckets, authority }) => {
    const name = properties.BucketName ?? bucketName(place);
    const locksObjects = properties.ObjectLockEnabled === true;
    const retention = properties.ObjectLockConfiguration?.Rule?.DefaultRetention;
    try {
      await create(s3, name, locksObjects);
      if (properties.VersioningConfiguration !== undefined) {
        await s3.put(
          `/${name}?versioning`,
          '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
        );
      }
      if (locksObjects) await s3.put(`/${name}?object-lock`, objectLock(retention));
    } catch (error) {
      throw new StackError(
        `The bucket engine refuses the bucket ${place.logicalId} (${messageOf(error)}): mend the template.`,
      );
    }
    buckets.push({ logicalId: place.logicalId, name });
    const DomainName = `${name}.s3.amazonaws.com`;
    const Arn = `arn:aws:s3:::${name}`;
    const [rule] = properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    authority.book.encrypt(Arn, rule?.ServerSideEncryptionByDefault?.KMSMasterKeyID);
    return { ref: name, attributes: { Arn, DomainName } };
  },
);

async function create(s3: S3Api, name: string, locksObjects: boolean): Promise<void> {
  try {
    await s3.put(`/${name}`, undefined, locksObjects ? { 'x-amz-bucket-object-lock-enabled': 'true' } : {});
  } catch (error) {
    if (!(error instanceof EngineError && error.type === 'BucketAlreadyOwnedByYou')) throw error;
  }
}

function objectLock(retention: z.infer<typeof defaultRetentionSchema> | undefined): string {
  const elements = Object.entries(retention ?? {}).map(([name, value]) => `<${name}>${value}</${name}>`);
  const rule = retention && `<Rule><DefaultRetention>${elements.join('')}</DefaultRetention></Rule>`;
  return `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule ?? ''}</ObjectLockConfiguration>`;
}

/** As CloudFormation makes one: in lower case, and short enough. */
function bucketName(place: Place): string {
  const name = physicalName(place).toLowerCase();
  if (name.length <= MOST_NAME_CHARACTERS) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS);
  return `${name.slice(0, MOST_NAME_CHARACTERS - hash.length - 1)}-${hash}`;
}
